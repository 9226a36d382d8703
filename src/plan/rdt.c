/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rdt - caches and memory bandwidth (config-linux.md, "IntelRdt"). */
#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "plan/build.h"
#include "resctrl/schemata.h"

#define LINES_MAX 1024

/* What the kernel keeps in each directory of groups itself. */
static const char *const reserved[] = { "info", "mon_data", "mon_groups", ".", ".." };

static bool is_group_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(reserved); i++)
		if (strcmp(name, reserved[i]) == 0)
			return false;
	return *name && strlen(name) <= NAME_MAX && !strchr(name, '/') &&
	       !text_has_control(name);
}

static int plan_group(struct build *b, const struct oci_intel_rdt *spec)
{
	struct resctrl_plan *plan = &b->plan->resctrl;

	plan->is_named = spec->clos_id && *spec->clos_id;
	plan->group = plan->is_named ? spec->clos_id : b->request->id;
	if (strcmp(plan->group, "/") == 0)
		plan->group = "";
	else if (!is_group_name(plan->group))
		return err_refuse("linux.intelRdt%s: \"%s\" is not the name of a group",
				  plan->is_named ? ".closID" : "", plan->group);
	if (spec->enable_monitoring.value && !is_group_name(b->request->id))
		return err_refuse("linux.intelRdt.enableMonitoring: \"%s\" is not the name of "
				  "a group",
				  b->request->id);
	plan->monitor = spec->enable_monitoring.value ? b->request->id : NULL;
	return 0;
}

static int add_line(struct build *b, const char *origin, const char *line)
{
	struct resctrl_plan *plan = &b->plan->resctrl;

	if (!schemata_is_line(line))
		return err_refuse("%s: \"%s\" is not a line of schemata", origin, line);
	if (plan->line_count == LINES_MAX)
		return err_refuse("%s: more than %d lines", origin, LINES_MAX);
	plan->lines = build_grow(b, plan->lines, plan->line_count, &b->schema_room,
				 sizeof(*plan->lines));
	plan->lines[plan->line_count++] = line;
	return 0;
}

static bool is_of_bandwidth(const char *line)
{
	return strncmp(line, "MB:", 3) == 0;
}

/* "If l3CacheSchema contains a line beginning with MB:", memBwSchema's counts if there is one. */
static int add_lines(struct build *b, const char *origin, const char *text,
		     bool skips_bandwidth)
{
	while (text && *text) {
		size_t length = strcspn(text, "\n");
		char *line = build_copy(b, text, length);
		int code = 0;

		if (*line && !(skips_bandwidth && is_of_bandwidth(line)))
			code = build_note(b, add_line(b, origin, line));
		if (code < 0)
			return code;
		text += length + (text[length] ? 1 : 0);
	}
	return 0;
}

static int add_schemata(struct build *b, const struct oci_strings *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *origin = build_printf(b, "linux.intelRdt.schemata[%zu]", i);
		int code = build_note(b, add_line(b, origin, list->items[i]));

		if (code < 0)
			return code;
	}
	return 0;
}

int plan_rdt_lines(struct build *b)
{
	const struct oci_intel_rdt *spec = b->linux->intel_rdt;
	bool has_bandwidth = spec->mem_bw_schema && *spec->mem_bw_schema;

	return add_lines(b, "linux.intelRdt.l3CacheSchema", spec->l3_cache_schema,
			 has_bandwidth) ?:
	       add_lines(b, "linux.intelRdt.memBwSchema", spec->mem_bw_schema, false) ?:
	       add_schemata(b, &spec->schemata);
}

int plan_rdt(struct build *b)
{
	const struct oci_intel_rdt *spec = b->linux->intel_rdt;
	struct resctrl_plan *plan = &b->plan->resctrl;
	int code;

	if (!spec)
		return 0;
	plan->is_wanted = true;
	code = build_note(b, plan_group(b, spec)) ?: plan_rdt_lines(b);
	plan->must_exist = plan->is_named && plan->line_count == 0;
	return code;
}
