/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_print - what was found, as lines or as one JSON object. */
#include <string.h>

#include "container/check_report.h"
#include "container/checking.h"
#include "libocispec/encode.h"
#include "libocispec/section.h"

/* clang-format off */
static const char *const severity_words[] = {
	[FINDING_ERROR]   = "error",
	[FINDING_HOST]    = "host",
	[FINDING_WARNING] = "warning",
};
/* clang-format on */

struct counts {
	unsigned of[3]; /* by severity */
};

static struct counts count(const struct findings *findings)
{
	struct counts counts = { 0 };

	for (size_t i = 0; i < findings->count; i++)
		counts.of[findings->items[i].severity]++;
	return counts;
}

/* ---- text ---- */

/* What it quotes must neither break the line nor talk to a terminal. */
static void add_plain(struct buf *out, const char *text)
{
	for (; *text; text++) {
		char c = *text;

		if ((unsigned char)c < ' ' || c == 0x7f)
			c = '?';
		buf_add(out, &c, 1);
	}
}

static void print_finding(const struct finding *item, const char *file, struct buf *out)
{
	const struct oci_section *section = oci_section_find(item->path);

	if (item->line > 0)
		buf_printf(out, "%s:%u:%u: ", file, item->line, item->column);
	buf_printf(out, "%s: ", severity_words[item->severity]);
	if (*item->path) {
		add_plain(out, item->path);
		buf_add(out, ": ", 2);
	}
	add_plain(out, item->text);
	if (section)
		buf_printf(out, " [%s: %s]", section->heading, section->rule);
	buf_add(out, "\n", 1);
}

static void print_count(unsigned number, const char *one, const char *many, bool *is_first,
			struct buf *out)
{
	if (number == 0)
		return;
	buf_printf(out, "%s%u %s", *is_first ? "" : ", ", number, number == 1 ? one : many);
	*is_first = false;
}

void check_print_text(const struct checking *checking, struct buf *out)
{
	const struct findings *findings = &checking->findings;
	struct counts counts = count(findings);
	bool is_first = true;

	if (findings->count == 0)
		return;
	for (size_t i = 0; i < findings->count; i++)
		print_finding(&findings->items[i], checking->bundle.document.name, out);
	print_count(counts.of[FINDING_ERROR], "error", "errors", &is_first, out);
	print_count(counts.of[FINDING_HOST], "thing that this host lacks",
		    "things that this host lacks", &is_first, out);
	print_count(counts.of[FINDING_WARNING], "warning", "warnings", &is_first, out);
	print_count((unsigned)findings->left_out, "more left out", "more left out", &is_first,
		    out);
	buf_add(out, "\n", 1);
}

/* ---- JSON ---- */

static void fill_problem(const struct finding *item, struct check_problem *problem)
{
	const struct oci_section *section = oci_section_find(item->path);

	*problem = (struct check_problem){
		.severity = severity_words[item->severity],
		.path = item->path,
		.message = item->text,
		.section = section ? section->heading : NULL,
		.rule = section ? section->rule : NULL,
	};
	if (item->line > 0) {
		problem->line = (struct oci_u32)OCI_SET(item->line);
		problem->column = (struct oci_u32)OCI_SET(item->column);
	}
}

void check_print_json(const struct checking *checking, struct buf *out)
{
	const struct findings *findings = &checking->findings;
	struct counts number = count(findings);
	struct check_counts counts = {
		.error = OCI_SET(number.of[FINDING_ERROR]),
		.host = OCI_SET(number.of[FINDING_HOST]),
		.warning = OCI_SET(number.of[FINDING_WARNING]),
		.omitted = OCI_SET((uint32_t)findings->left_out),
	};
	const char *version = checking->bundle.spec.oci_version;
	struct check_report report = {
		.bundle = checking->bundle.path,
		.config = checking->bundle.config,
		.oci_version = version && *version ? version : NULL,
		.problems = { .count = findings->count, .is_set = true },
		.counts = &counts,
	};
	struct arena arena = { 0 };
	struct oci_text text = { 0 };
	struct check_problem *problems =
		arena_alloc(&arena, (findings->count + 1) * sizeof(*problems));

	for (size_t i = 0; i < findings->count; i++)
		fill_problem(&findings->items[i], &problems[i]);
	report.problems.items = problems;
	oci_encode(&check_report_type, &report, NULL, &text);
	buf_add(out, text.bytes, text.size);
	buf_add(out, "\n", 1);
	oci_text_release(&text);
	arena_free(&arena);
}
