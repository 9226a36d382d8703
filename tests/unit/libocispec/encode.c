/* SPDX-License-Identifier: GPL-2.0-or-later */
/* encode - how structs look as JSON. */
#include "libocispec/encode.h"

#include "tests/unit/libocispec/decoding.h"
#include "tests/unit/libocispec/suites.h"

static struct oci_text text;

static void teardown(void)
{
	oci_text_release(&text);
}

static const char *encode(const struct oci_spec *spec, const char *indent)
{
	oci_text_release(&text);
	oci_encode(&oci_spec_type, spec, indent, &text);
	return text.bytes;
}

START_TEST(absent_members_are_left_out)
{
	struct oci_spec spec = { .oci_version = "1.3.0" };

	ck_assert_str_eq(encode(&spec, NULL), "{\"ociVersion\":\"1.3.0\"}");
}
END_TEST

START_TEST(nothing_at_all_is_an_empty_object)
{
	struct oci_spec spec = { 0 };

	ck_assert_str_eq(encode(&spec, NULL), "{}");
	ck_assert_str_eq(encode(&spec, "\t"), "{}");
}
END_TEST

START_TEST(members_come_in_the_order_of_the_table)
{
	struct arena arena = { 0 };
	struct oci_spec spec =
		decode_text("{\"hostname\":\"h\",\"root\":{\"readonly\":true,\"path\":\"/r\"},"
			    "\"ociVersion\":\"1\"}",
			    &arena);

	ck_assert_str_eq(encode(&spec, NULL),
			 "{\"ociVersion\":\"1\",\"root\":{\"path\":\"/r\",\"readonly\":true},"
			 "\"hostname\":\"h\"}");
	arena_free(&arena);
}
END_TEST

START_TEST(slashes_are_not_escaped_and_what_must_be_is)
{
	struct oci_spec spec = { .hostname = "a/b\"\\\b\f\n\r\t\x1f\x7f<>&" };

	ck_assert_str_eq(encode(&spec, NULL),
			 "{\"hostname\":\"a/b\\\"\\\\\\b\\f\\n\\r\\t\\u001f\x7f<>&\"}");
}
END_TEST

START_TEST(what_is_not_utf8_is_replaced)
{
	struct oci_spec spec = { .hostname = "\xff"
					     "a\xe2\x82"
					     "b\xc3\xa9\xe2\x82" };

	ck_assert_str_eq(encode(&spec, NULL), "{\"hostname\":\"\xef\xbf\xbd"
					      "a\xef\xbf\xbd\xef\xbf\xbd"
					      "b\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\"}");
}
END_TEST

START_TEST(each_level_is_indented_with_what_was_asked_for)
{
	struct oci_mount mounts[] = { { .destination = "/a", .options.is_set = true } };
	struct oci_spec spec = {
		.oci_version = "1.3.0",
		.mounts = OCI_LIST_OF(mounts),
		.annotations.is_set = true,
	};

	ck_assert_str_eq(encode(&spec, "  "), "{\n"
					      "  \"ociVersion\": \"1.3.0\",\n"
					      "  \"mounts\": [\n"
					      "    {\n"
					      "      \"destination\": \"/a\",\n"
					      "      \"options\": []\n"
					      "    }\n"
					      "  ],\n"
					      "  \"annotations\": {}\n"
					      "}");
	ck_assert_ptr_nonnull(strstr(encode(&spec, "\t"), "\n\t\t\t\"options\": []\n"));
}
END_TEST

START_TEST(numbers_are_exact)
{
	struct oci_rlimit rlimits[] = { {
		.type = "R",
		.hard = OCI_SET(UINT64_MAX),
		.soft = OCI_SET(0),
	} };
	struct oci_process process = {
		.cwd = "/",
		.rlimits = OCI_LIST_OF(rlimits),
		.oom_score_adj = OCI_SET(INT32_MIN),
	};
	struct oci_spec spec = { .process = &process };

	ck_assert_str_eq(encode(&spec, NULL),
			 "{\"process\":{\"cwd\":\"/\",\"rlimits\":[{\"type\":\"R\","
			 "\"hard\":18446744073709551615,\"soft\":0}],"
			 "\"oomScoreAdj\":-2147483648}}");
}
END_TEST

START_TEST(text_is_added_behind_what_is_there)
{
	struct oci_spec spec = { .hostname = "b" };

	oci_text_add(&text, "[", 1);
	oci_encode(&oci_spec_type, &spec, NULL, &text);
	oci_text_add(&text, ",", 1);
	oci_encode_string("c\n", &text);
	oci_text_add(&text, "]", 1);
	ck_assert_str_eq(text.bytes, "[{\"hostname\":\"b\"},\"c\\n\"]");
	ck_assert_uint_eq(text.size, strlen(text.bytes));
}
END_TEST

Suite *test_encode(void)
{
	Suite *suite = suite_create("libocispec/encode");
	TCase *written = tcase_create("written");

	tcase_add_checked_fixture(written, NULL, teardown);
	tcase_add_test(written, absent_members_are_left_out);
	tcase_add_test(written, nothing_at_all_is_an_empty_object);
	tcase_add_test(written, members_come_in_the_order_of_the_table);
	tcase_add_test(written, slashes_are_not_escaped_and_what_must_be_is);
	tcase_add_test(written, what_is_not_utf8_is_replaced);
	tcase_add_test(written, each_level_is_indented_with_what_was_asked_for);
	tcase_add_test(written, numbers_are_exact);
	tcase_add_test(written, text_is_added_behind_what_is_there);
	suite_add_tcase(suite, written);
	return suite;
}
