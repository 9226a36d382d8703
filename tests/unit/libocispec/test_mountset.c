/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_mountset - lists of mounts by themselves and as a part of more. */
#include "libocispec/mountset.h"

#include <check.h>
#include <string.h>

static struct arena arena;
static struct oci_mount_set set;
static struct oci_error error;

static int decode(const char *text)
{
	struct oci_document document = { "m.json", text, strlen(text) };

	set = (struct oci_mount_set){ 0 };
	return oci_decode_mount_set(&document, &arena, &set, &error);
}

static void tear_down(void)
{
	arena_free(&arena);
}

START_TEST(a_list_and_an_object_with_one_are_the_same)
{
	static const char *const texts[] = {
		"[{\"destination\":\"/a\"}]",
		" \n[{\"destination\":\"/a\"}]\n",
		"{\"mounts\":[{\"destination\":\"/a\"}]}",
		"{\"ociVersion\":\"1.0.0\",\"mounts\":[{\"destination\":\"/a\"}],\"root\":{}}",
	};

	ck_assert_int_eq(decode(texts[_i]), 0);
	ck_assert_uint_eq(set.mounts.count, 1);
	ck_assert_str_eq(set.mounts.items[0].destination, "/a");
}
END_TEST

START_TEST(what_is_wrong_has_the_place_that_its_writer_sees)
{
	ck_assert_int_lt(decode("[{\"destination\":5}]"), 0);
	ck_assert_str_eq(error.text,
			 "m.json:1:17: mounts[0].destination: did not expect a number here");
	ck_assert_uint_eq(error.column, 17);
	ck_assert_int_lt(decode("[\n {\"destination\":5}]"), 0);
	ck_assert_str_eq(error.text,
			 "m.json:2:17: mounts[0].destination: did not expect a number here");
}
END_TEST

START_TEST(nothing_else_is_one)
{
	static const char *const texts[] = {
		"", "{}", "5", "[", "[]]", "[] {}", "{\"mounts\":{}}"
	};

	ck_assert_int_lt(decode(texts[_i]), 0);
}
END_TEST

Suite *test_libocispec_mountset(void);
Suite *test_libocispec_mountset(void)
{
	Suite *suite = suite_create("libocispec/mountset");
	TCase *cases = tcase_create("documents");

	tcase_add_checked_fixture(cases, NULL, tear_down);
	tcase_add_loop_test(cases, a_list_and_an_object_with_one_are_the_same, 0, 4);
	tcase_add_test(cases, what_is_wrong_has_the_place_that_its_writer_sees);
	tcase_add_loop_test(cases, nothing_else_is_one, 0, 7);
	suite_add_tcase(suite, cases);
	return suite;
}
