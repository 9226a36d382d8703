/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systemd - the unit that is to be the container's cgroup, when systemd makes it. */
#include <string.h>

#include "base/err.h"
#include "base/path.h"
#include "cgroup/unit.h"
#include "plan/annotations.h"
#include "plan/build.h"
#include "plan/unitvalue.h"

#define PREFIX "tare" /* of a unit that nobody named */
#define NAME_MAX_UNIT 255

/* systemd.unit(5): what the name of a unit may have in it. */
static bool is_unit_name(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789:-_.\\@";

	return *name && *name != '.' && strspn(name, allowed) == strlen(name) &&
	       strlen(name) <= NAME_MAX_UNIT;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), size = strlen(end);

	return length > size && strcmp(text + length - size, end) == 0;
}

/* ---- linux.cgroupsPath: SLICE:PREFIX:NAME ---- */

static int split(struct build *b, const char *wanted, const char *parts[3])
{
	const char *first = strchr(wanted, ':');
	const char *second = first ? strchr(first + 1, ':') : NULL;

	if (!second || strchr(second + 1, ':'))
		return err_refuse(
			"linux.cgroupsPath: expected cgroupsPath to be of format "
			"\"slice:prefix:name\" for systemd cgroups, got \"%s\" instead",
			wanted);
	parts[0] = build_copy(b, wanted, (size_t)(first - wanted));
	parts[1] = build_copy(b, first + 1, (size_t)(second - first - 1));
	parts[2] = second + 1;
	return 0;
}

static int check_slice(const char *slice)
{
	if (!is_unit_name(slice) || !ends_with(slice, ".slice"))
		return err_refuse("linux.cgroupsPath: \"%s\" is not the name of a slice",
				  slice);
	if (strcmp(slice, "-.slice") != 0 &&
	    (slice[0] == '-' || strstr(slice, "--") || strstr(slice, "-.slice")))
		return err_refuse("linux.cgroupsPath: \"%s\": a slice has a name between \"-\"",
				  slice);
	return 0;
}

/* The one thing that an id may have and a unit's name may not, as systemd-escape(1) has it. */
static const char *escape(struct build *b, const char *name)
{
	const char *plus = strchr(name, '+');

	if (!plus || strlen(name) > NAME_MAX_UNIT)
		return name;
	return build_printf(b, "%.*s\\x2b%s", (int)(plus - name), name, escape(b, plus + 1));
}

static int name_unit(struct build *b, const char *prefix, const char *name, const char **ret)
{
	if (ends_with(name, ".slice"))
		return err_refuse("linux.cgroupsPath: \"%s\" is a slice, and a container's "
				  "processes are in a scope",
				  name);
	name = escape(b, name);
	*ret = *prefix ? build_printf(b, "%s-%s.scope", prefix, name)
		       : build_printf(b, "%s.scope", name);
	if (!*name || !is_unit_name(*ret))
		return err_refuse("linux.cgroupsPath: \"%s\" is not the name of a unit", *ret);
	return 0;
}

/* "a-b.slice" is in "a.slice"; "-.slice" is the root of all. */
static const char *slice_path(struct build *b, const char *slice)
{
	const char *path = "";

	if (strcmp(slice, "-.slice") == 0)
		return path;
	for (const char *dash = strchr(slice, '-'); dash; dash = strchr(dash + 1, '-'))
		path = build_printf(b, "%s/%.*s.slice", path, (int)(dash - slice), slice);
	return build_printf(b, "%s/%s", path, slice);
}

/* A user's manager has all that it makes below its own service. */
static const char *manager_path(struct build *b, bool is_user)
{
	const char *own = b->host->own_cgroup;
	const char *service = is_user ? strstr(own, "/user@") : NULL;
	size_t length;

	if (!service)
		return "";
	length = (size_t)(service - own) + 1 + strcspn(service + 1, "/");
	return build_copy(b, own, length);
}

/* ---- annotations: org.systemd.property.NAME ---- */

static bool is_property_name(const char *name)
{
	return strlen(name) >= 3 && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						 "abcdefghijklmnopqrstuvwxyz") == strlen(name);
}

/* With these, what the container is would no longer be what was asked for elsewhere. */
static bool is_ours(const char *name)
{
	return strcmp(name, "PIDs") == 0 || strcmp(name, "Slice") == 0 ||
	       strcmp(name, "Delegate") == 0 || strcmp(name, "Controller") == 0;
}

static int read_property(struct build *b, const struct oci_pair *pair,
			 struct unit_property *property)
{
	const char *name = annotation_rest(pair->key, ANNOTATION_SYSTEMD_PROPERTY);
	size_t length = strlen(name);
	int code;

	property->origin = build_printf(b, "annotations[\"%s\"]", pair->key);
	if (!is_property_name(name))
		return err_refuse("%s: \"%s\" is not the name of a property", property->origin,
				  name);
	if (is_ours(name))
		return err_refuse("%s: %s of the unit is not for an annotation to say",
				  property->origin, name);
	code = unitvalue_read(b, pair->value, property);
	property->name = name;
	if (code == 0 && ends_with(name, "Sec") && !ends_with(name, "USec")) {
		/* What people set in seconds, the bus has in microseconds. */
		property->name = build_printf(b, "%.*sUSec", (int)(length - 3), name);
		code = unitvalue_to_microseconds(property);
	}
	return code < 0 ? err_refuse("%s: \"%s\" is not a value of a property (true, 'text', "
				     "['a', 'b'], 10, 1.5, uint64 10)",
				     property->origin, pair->value)
			: 0;
}

static int read_properties(struct build *b, struct unit_plan *unit)
{
	const struct oci_pairs *pairs = &b->spec->annotations;
	struct unit_property *list = build_items(b, pairs->count + 1, sizeof(*list));

	unit->properties = list;
	for (size_t i = 0; i < pairs->count; i++) {
		int code;

		if (!annotation_rest(pairs->items[i].key, ANNOTATION_SYSTEMD_PROPERTY))
			continue;
		code = build_note(
			b, read_property(b, &pairs->items[i], &list[unit->property_count]));
		if (code < 0)
			return code;
		unit->property_count++;
	}
	return 0;
}

int plan_unit(struct build *b, const char *wanted)
{
	struct unit_plan *unit = build_items(b, 1, sizeof(*unit));
	const char *parts[3] = { "", PREFIX, b->plan->id };
	int code = 0;

	unit->is_user = b->plan->is_rootless;
	if (*wanted)
		code = split(b, wanted, parts);
	unit->slice = *parts[0] ? parts[0] : unit->is_user ? "user.slice" : "system.slice";
	code = code ?: check_slice(unit->slice);
	code = code ?: name_unit(b, parts[1], parts[2], &unit->name);
	if (code < 0)
		return code;
	unit->description = build_printf(b, "tare container %s", b->plan->id);
	b->plan->cgroup.unit = unit;
	b->plan->cgroup.path = build_printf(b, "%s%s/%s", manager_path(b, unit->is_user),
					    slice_path(b, unit->slice), unit->name);
	return read_properties(b, unit);
}
