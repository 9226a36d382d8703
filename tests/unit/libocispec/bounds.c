/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bounds - documents that are too deep or too large, and the time that large ones take. */
#include "libocispec/decode.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "libocispec/encode.h"
#include "tests/unit/libocispec/decoding.h"
#include "tests/unit/libocispec/suites.h"

static struct arena arena;
static struct oci_text text;

static void teardown(void)
{
	arena_free(&arena);
	oci_text_release(&text);
}

static void add(const char *string)
{
	oci_text_add(&text, string, strlen(string));
}

static int decode(struct oci_error *ret_error)
{
	struct oci_document document = { "c", text.bytes, text.size };
	struct oci_spec spec;

	return oci_decode_spec(&document, &arena, &spec, ret_error);
}

/* An unknown member of LEVELS arrays within each other; with the document, one level more. */
static void add_nested(int levels)
{
	add("{\"ociVersion\":\"1\",\"x\":");
	for (int i = 0; i < levels; i++)
		add("[");
	for (int i = 0; i < levels; i++)
		add("]");
	add("}");
}

/* A million ways to make a list of names slow: COUNT members in what PREFIX begins. */
static void add_members(const char *prefix, int count, const char *value)
{
	char name[64];

	add(prefix);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s\"n%07d\":%s", i ? "," : "", i, value);
		add(name);
	}
}

/* Milliseconds of this process's own time, so that a busy machine does not matter. */
static double timed_decode(void)
{
	struct timespec before;
	struct timespec after;
	struct oci_error error;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	ck_assert_int_eq(decode(&error), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	return (double)(after.tv_sec - before.tv_sec) * 1e3 +
	       (double)(after.tv_nsec - before.tv_nsec) / 1e6;
}

START_TEST(sixty_four_levels_are_taken)
{
	struct oci_error error;

	add_nested(63);
	ck_assert_int_eq(decode(&error), 0);
}
END_TEST

START_TEST(sixty_five_levels_are_refused)
{
	struct oci_error error;

	add_nested(64);
	ck_assert_int_eq(decode(&error), -EINVAL);
	ck_assert_str_eq(error.text, "c:1:86: x: nested deeper than 64 levels");
}
END_TEST

START_TEST(objects_count_as_levels_too)
{
	struct oci_error error;

	add("{\"ociVersion\":\"1\",\"x\":");
	for (int i = 0; i < 100000; i++)
		add("{\"x\":");
	ck_assert_int_eq(decode(&error), -EINVAL);
	ck_assert_str_eq(error.text, "c:1:338: x: nested deeper than 64 levels");
}
END_TEST

START_TEST(sixteen_mebibytes_are_taken_and_a_byte_more_is_not)
{
	struct oci_error error;

	add("{\"ociVersion\":\"1\"}");
	while (text.size < OCI_DOCUMENT_MAX)
		add(" ");
	ck_assert_int_eq(decode(&error), 0);
	add(" ");
	ck_assert_int_eq(decode(&error), -EFBIG);
	ck_assert_int_eq(error.code, EFBIG);
	ck_assert_uint_eq(error.line, 0);
	ck_assert_str_eq(error.text, "c: larger than 16 MiB");
}
END_TEST

START_TEST(many_unknown_members_do_not_take_quadratic_time)
{
	add_members("{\"ociVersion\":\"1\",", 300000, "0");
	add("}");
	ck_assert_double_lt(timed_decode(), 3000);
}
END_TEST

START_TEST(many_annotations_do_not_take_quadratic_time)
{
	add_members("{\"ociVersion\":\"1\",\"annotations\":{", 300000, "\"v\"");
	add("}}");
	ck_assert_double_lt(timed_decode(), 3000);
}
END_TEST

START_TEST(the_last_of_many_members_is_found_to_be_there_twice)
{
	struct oci_error error;

	add_members("{\"ociVersion\":\"1\",\"annotations\":{", 100000, "\"v\"");
	add(",\n\"n0000000\":\"\"}}");
	ck_assert_int_eq(decode(&error), -EINVAL);
	ck_assert_str_eq(error.text, "c:2:1: annotations[\"n0000000\"]: given twice");
}
END_TEST

START_TEST(long_lists_do_not_take_quadratic_time)
{
	add("{\"ociVersion\":\"1\",\"process\":{\"cwd\":\"/\",\"args\":[\"a\"");
	for (int i = 0; i < 1000000; i++)
		add(",\"a\"");
	add("]}}");
	ck_assert_double_lt(timed_decode(), 3000);
}
END_TEST

START_TEST(long_paths_and_values_are_cut_not_spilled)
{
	struct oci_error error;

	add("{\"annotations\":{\"");
	for (int i = 0; i < 1000; i++)
		add("\xe2\x82\xac");
	add("\":1}}");
	ck_assert_int_eq(decode(&error), -EINVAL);
	ck_assert_uint_lt(strlen(error.path), sizeof(error.path));
	ck_assert_ptr_nonnull(strstr(error.text, ": did not expect a number here"));
}
END_TEST

Suite *test_bounds(void)
{
	Suite *suite = suite_create("libocispec/bounds");
	TCase *limits = tcase_create("limits");

	tcase_add_checked_fixture(limits, NULL, teardown);
	tcase_set_timeout(limits, 60);
	tcase_add_test(limits, sixty_four_levels_are_taken);
	tcase_add_test(limits, sixty_five_levels_are_refused);
	tcase_add_test(limits, objects_count_as_levels_too);
	tcase_add_test(limits, sixteen_mebibytes_are_taken_and_a_byte_more_is_not);
	tcase_add_test(limits, many_unknown_members_do_not_take_quadratic_time);
	tcase_add_test(limits, many_annotations_do_not_take_quadratic_time);
	tcase_add_test(limits, the_last_of_many_members_is_found_to_be_there_twice);
	tcase_add_test(limits, long_lists_do_not_take_quadratic_time);
	tcase_add_test(limits, long_paths_and_values_are_cut_not_spilled);
	suite_add_tcase(suite, limits);
	return suite;
}
