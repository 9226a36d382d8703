/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check - say all that is wrong with a bundle; nothing is made. */
#include "container/check.h"

#include <string.h>

#include "base/err.h"
#include "container/checking.h"
#include "container/prepare.h"
#include "libocispec/locate.h"

void checking_note(struct checking *checking, enum finding_severity severity, int code)
{
	char text[ERR_TEXT_MAX + 128];

	if (code == 0)
		return;
	err_text(err_last(), text, sizeof(text));
	err_clear();
	findings_add(&checking->findings, severity, text);
}

static void add_problem(struct findings *findings, const struct oci_problem *problem)
{
	const struct oci_error *error = &problem->error;
	struct finding *item =
		findings_put(findings, problem->is_unknown ? FINDING_WARNING : FINDING_ERROR,
			     error->path, error->text + error->what);

	if (!item)
		return;
	item->is_unread = !problem->is_unknown;
	item->line = error->line;
	item->column = error->column;
}

static void read_document(struct checking *checking)
{
	struct bundle *bundle = &checking->bundle;
	struct oci_problems problems = { 0 };

	checking->is_read = oci_decode_all(&oci_spec_type, &bundle->document, &bundle->arena,
					   &bundle->spec, &problems) == 0;
	for (size_t i = 0; i < problems.count; i++)
		add_problem(&checking->findings, &problems.items[i]);
	checking->findings.left_out += problems.left_out;
	oci_problems_release(&problems);
}

/* As `tare run` in the foreground would ask for it. */
static void plan_all(struct checking *checking)
{
	const struct create_options options = { .id = "check" };
	struct plan_request request;

	prepare_request(checking->runtime, &options, &checking->bundle, &request);
	request.findings = &checking->findings;
	checking_note(checking, FINDING_ERROR,
		      plan_build(&request, &checking->host, &checking->plan));
}

/* As in bundle_refuse(): a member that is missing at the top has the whole document's place. */
static void locate_all(struct checking *checking)
{
	struct findings *findings = &checking->findings;

	for (size_t i = 0; i < findings->count; i++) {
		struct finding *item = &findings->items[i];

		if (item->line > 0 || !*item->path)
			continue;
		if (oci_locate(&checking->bundle.document, item->path, &item->line,
			       &item->column))
			item->line = item->column = 1;
	}
}

static bool is_before(const struct finding *a, const struct finding *b)
{
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* In the order of the document; at one place, in the order in which they were found. */
static void sort(struct findings *findings)
{
	for (size_t i = 1; i < findings->count; i++) {
		struct finding moved = findings->items[i];
		size_t at = i;

		for (; at > 0 && is_before(&moved, &findings->items[at - 1]); at--)
			findings->items[at] = findings->items[at - 1];
		findings->items[at] = moved;
	}
}

static void look(struct checking *checking, const struct check_options *options)
{
	if (bundle_load(options->bundle, options->config, &checking->bundle)) {
		checking_note(checking, FINDING_ERROR, err_code());
		return;
	}
	read_document(checking);
	if (checking->is_read) {
		plan_all(checking);
		check_files(checking);
		check_host(checking);
		check_labels(checking);
	}
	locate_all(checking);
	sort(&checking->findings);
}

static bool is_refused(const struct findings *findings, bool is_strict)
{
	for (size_t i = 0; i < findings->count; i++)
		if (is_strict || findings->items[i].severity == FINDING_ERROR)
			return true;
	return false;
}

int container_check(const struct runtime *runtime, const struct check_options *options,
		    struct buf *out)
{
	struct checking checking = { .runtime = runtime };
	bool fails;

	if (host_probe(HOST_ALL, &checking.host))
		return err_code();
	look(&checking, options);
	fails = is_refused(&checking.findings, options->is_strict);
	if (options->format == CHECK_JSON)
		check_print_json(&checking, out);
	else
		check_print_text(&checking, out);
	if (checking.is_read)
		plan_release(&checking.plan);
	bundle_release(&checking.bundle);
	findings_release(&checking.findings);
	return fails;
}
