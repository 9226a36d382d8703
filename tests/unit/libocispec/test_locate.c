/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_locate - line and column of a JSON path. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "libocispec/locate.h"

Suite *test_locate(void);

static const char text[] = "{ \"a\": [1, {\"b.c\": {}, \"d\": \"x\\\"]\"}],\n"
			   "  \"linux\": {\n"
			   "    \"sysctl\": { \"net.x\": \"1\" },\n"
			   "    \"Namespaces\": [ {}, { \"path\": \"p\" } ]\n"
			   "  }\n"
			   "}\n";

static const struct oci_document document = { "t", text, sizeof(text) - 1 };

static void check_at(const char *path, unsigned line, unsigned column)
{
	unsigned found_line = 0, found_column = 0;

	ck_assert_int_eq(oci_locate(&document, path, &found_line, &found_column), 0);
	ck_assert_uint_eq(found_line, line);
	ck_assert_uint_eq(found_column, column);
}

START_TEST(members_and_items_are_found)
{
	check_at("a", 1, 8);
	check_at("a[0]", 1, 9);
	check_at("a[1].d", 1, 29);
	check_at("linux", 2, 12);
	check_at("linux.namespaces[1].path", 4, 35);
}
END_TEST

START_TEST(names_with_dots_are_quoted)
{
	check_at("linux.sysctl[\"net.x\"]", 3, 26);
	check_at("a[1][\"b.c\"]", 1, 20);
}
END_TEST

START_TEST(what_is_missing_is_where_it_should_be)
{
	check_at("linux.namespaces[1].type", 4, 25);
	check_at("linux.namespaces[9]", 4, 19);
	check_at("linux.hooks.x", 2, 12);
}
END_TEST

START_TEST(a_text_that_is_no_path_is_nowhere)
{
	unsigned line, column;

	ck_assert_int_eq(oci_locate(&document, "open /x", &line, &column), -ENOENT);
	ck_assert_int_eq(oci_locate(&document, "", &line, &column), -ENOENT);
}
END_TEST

Suite *test_locate(void)
{
	Suite *suite = suite_create("locate");
	TCase *tests = tcase_create("locate");

	tcase_add_test(tests, members_and_items_are_found);
	tcase_add_test(tests, names_with_dots_are_quoted);
	tcase_add_test(tests, what_is_missing_is_where_it_should_be);
	tcase_add_test(tests, a_text_that_is_no_path_is_nowhere);
	suite_add_tcase(suite, tests);
	return suite;
}
