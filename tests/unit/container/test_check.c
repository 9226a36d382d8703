/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check - what is printed, to the byte; what is found is in tests/golden and check.bats. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "container/check_report.h"
#include "container/checking.h"
#include "libocispec/decode.h"

Suite *test_container_check(void);

static struct checking checking;
static struct buf out;

static void setup(void)
{
	checking = (struct checking){ 0 };
	checking.bundle.path = strdup("/b");
	checking.bundle.config = strdup("/b/config.json");
	checking.bundle.document.name = "config.json";
}

static void teardown(void)
{
	findings_release(&checking.findings);
	bundle_release(&checking.bundle);
	buf_release(&out);
	out = (struct buf){ 0 };
}

static void add(enum finding_severity severity, const char *text, unsigned line,
		unsigned column)
{
	struct finding *item = findings_add(&checking.findings, severity, text);

	ck_assert_ptr_nonnull(item);
	item->line = line;
	item->column = column;
}

START_TEST(nothing_found_is_nothing_printed)
{
	check_print_text(&checking, &out);
	ck_assert_str_eq(buf_text(&out), "");
}
END_TEST

START_TEST(a_line_has_place_weight_path_words_and_section)
{
	add(FINDING_ERROR, "mounts[0].destination: must not be empty", 3, 14);
	add(FINDING_HOST, "linux.seccomp: the kernel has none", 9, 1);
	add(FINDING_HOST, "linux.sysctl[\"a\nb\"]: none", 9, 2);
	add(FINDING_WARNING, "no cgroup", 0, 0);
	checking.findings.left_out = 7;
	check_print_text(&checking, &out);
	ck_assert_str_eq(
		buf_text(&out),
		"config.json:3:14: error: mounts[0].destination: must not be empty [config.md, "
		"Mounts: where it is mounted: an absolute path inside the container]\n"
		"config.json:9:1: host: linux.seccomp: the kernel has none [config-linux.md, "
		"Seccomp: which system calls the process may make]\n"
		"config.json:9:2: host: linux.sysctl[\"a?b\"]: none [config-linux.md, Sysctl: "
		"kernel parameters of the container]\n"
		"warning: no cgroup\n"
		"1 error, 2 things that this host lacks, 1 warning, 7 more left out\n");
}
END_TEST

START_TEST(json_has_all_members_in_one_line)
{
	checking.bundle.spec.oci_version = "1.2.0";
	add(FINDING_ERROR, "root.path: must not be \"\"", 3, 14);
	add(FINDING_WARNING, "no cgroup", 0, 0);
	check_print_json(&checking, &out);
	ck_assert_str_eq(
		buf_text(&out),
		"{\"bundle\":\"/b\",\"config\":\"/b/config.json\",\"ociVersion\":\"1.2.0\","
		"\"problems\":[{\"severity\":\"error\",\"path\":\"root.path\",\"line\":3,"
		"\"column\":14,\"message\":\"must not be \\\"\\\"\","
		"\"section\":\"config.md, Root\",\"rule\":\"a directory must exist at the "
		"path, "
		"absolute or relative to the bundle\"},{\"severity\":\"warning\",\"path\":\"\","
		"\"message\":\"no cgroup\"}],\"counts\":{\"error\":1,\"host\":0,\"warning\":1,"
		"\"omitted\":0}}\n");
}
END_TEST

START_TEST(json_without_anything_found_has_an_empty_list)
{
	struct oci_document document = { .name = "report" };
	struct check_report report;
	struct arena arena = { 0 };
	struct oci_error error;

	check_print_json(&checking, &out);
	document.bytes = out.text;
	document.size = out.size;
	ck_assert_int_eq(oci_decode(&check_report_type, &document, &arena, &report, &error), 0);
	ck_assert_str_eq(report.bundle, "/b");
	ck_assert_ptr_null(report.oci_version);
	ck_assert(report.problems.is_set);
	ck_assert_uint_eq(report.problems.count, 0);
	ck_assert_uint_eq(report.counts->error.value, 0);
	arena_free(&arena);
}
END_TEST

START_TEST(what_follows_from_a_value_that_could_not_be_read_is_left_away)
{
	struct finding *item =
		findings_put(&checking.findings, FINDING_ERROR, "mounts[1]", "x");

	item->is_unread = true;
	ck_assert_ptr_null(
		findings_add(&checking.findings, FINDING_ERROR, "mounts[1].source: none"));
	ck_assert_ptr_null(findings_add(&checking.findings, FINDING_ERROR, "mounts[1]: none"));
	ck_assert_ptr_nonnull(
		findings_add(&checking.findings, FINDING_ERROR, "mounts[11].source: none"));
	ck_assert_ptr_nonnull(findings_add(&checking.findings, FINDING_ERROR, "root: none"));
	ck_assert(findings_have_unread(&checking.findings, "mounts"));
	ck_assert(findings_have_unread(&checking.findings, "mounts[1].options"));
	ck_assert(!findings_have_unread(&checking.findings, "mounts[2]"));
}
END_TEST

START_TEST(more_than_can_be_kept_are_counted)
{
	for (int i = 0; i < FINDINGS_MAX + 3; i++)
		findings_add(&checking.findings, FINDING_ERROR, "root: none");
	ck_assert_uint_eq(checking.findings.count, FINDINGS_MAX);
	ck_assert_uint_eq(checking.findings.left_out, 3);
}
END_TEST

Suite *test_container_check(void)
{
	Suite *suite = suite_create("container/check");
	TCase *tests = tcase_create("check");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, nothing_found_is_nothing_printed);
	tcase_add_test(tests, a_line_has_place_weight_path_words_and_section);
	tcase_add_test(tests, json_has_all_members_in_one_line);
	tcase_add_test(tests, json_without_anything_found_has_an_empty_list);
	tcase_add_test(tests, what_follows_from_a_value_that_could_not_be_read_is_left_away);
	tcase_add_test(tests, more_than_can_be_kept_are_counted);
	suite_add_tcase(suite, tests);
	return suite;
}
