/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode_all - reading that goes on behind what is wrong. */
#include "libocispec/decode.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/libocispec/decoding.h"
#include "tests/unit/libocispec/suites.h"

static struct arena arena;
static struct oci_problems problems;
static struct oci_spec spec;
static int result;

static void teardown(void)
{
	oci_problems_release(&problems);
	arena_free(&arena);
}

static void read_text(const char *text)
{
	struct oci_document document = { "c", text, strlen(text) };

	memset(&spec, 0, sizeof(spec));
	result = oci_decode_all(&oci_spec_type, &document, &arena, &spec, &problems);
}

/* The texts of all problems, each on its line. */
static void check_problems(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count && i < problems.count; i++)
		ck_assert_str_eq(problems.items[i].error.text, texts[i]);
	ck_assert_uint_eq(problems.count, count);
}

#define CHECK_PROBLEMS(...)                                              \
	do {                                                             \
		const char *const texts[] = { __VA_ARGS__ };             \
		check_problems(texts, sizeof(texts) / sizeof(texts[0])); \
	} while (0)

START_TEST(a_good_document_has_no_problems)
{
	read_text(SPEC("\"hostname\":\"a\",\"root\":{\"path\":\"r\"}"));
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(problems.count, 0);
	ck_assert_str_eq(spec.hostname, "a");
	ck_assert_str_eq(spec.root->path, "r");
}
END_TEST

START_TEST(each_mistake_is_told_at_its_place)
{
	read_text("{\"ociVersion\":1,\n"
		  "\"process\":{\"args\":[\"a\",2,\"c\",[\"d\",[]]],\"cwd\":\"/\","
		  "\"user\":{\"uid\":-1,\"gid\":7}},\n"
		  "\"root\":[],\n"
		  "\"linux\":{\"namespaces\":[{\"type\":\"pud\"},{\"path\":\"/n\"}],"
		  "\"mountLabel\":{\"x\":{}}},\n"
		  "\"hostname\":\"h\",\"hostname\":\"i\"}");
	ck_assert_int_eq(result, 0);
	CHECK_PROBLEMS("c:1:15: ociVersion: did not expect a number here",
		       "c:2:24: process.args[1]: did not expect a number here",
		       "c:2:30: process.args[3]: did not expect an array here",
		       "c:2:64: process.user.uid: -1 is out of range",
		       "c:3:8: root: did not expect an array here",
		       "c:4:32: linux.namespaces[0].type: unknown value \"pud\"",
		       "c:4:39: linux.namespaces[1].type: required, but missing",
		       "c:4:67: linux.mountLabel: did not expect an object here",
		       "c:5:16: hostname: given twice");
}
END_TEST

START_TEST(what_could_not_be_read_can_be_looked_at)
{
	read_text("{\"root\":{},\"mounts\":[1,{\"type\":\"bind\"},null],"
		  "\"process\":{\"args\":[1],\"rlimits\":[{\"hard\":\"1\"}]},"
		  "\"annotations\":{\"k\":{}}}");
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(spec.oci_version, "");
	ck_assert_str_eq(spec.root->path, "");
	ck_assert_uint_eq(spec.mounts.count, 3);
	for (size_t i = 0; i < 3; i++)
		ck_assert_str_eq(spec.mounts.items[i].destination, "");
	ck_assert_str_eq(spec.mounts.items[1].type, "bind");
	ck_assert_str_eq(spec.process->cwd, "");
	ck_assert_str_eq(spec.process->args.items[0], "");
	ck_assert_str_eq(spec.process->rlimits.items[0].type, "");
	ck_assert(!spec.process->rlimits.items[0].hard.is_set);
	ck_assert_str_eq(spec.annotations.items[0].key, "k");
	ck_assert_str_eq(spec.annotations.items[0].value, "");
}
END_TEST

START_TEST(a_document_that_is_no_object_has_nothing_to_go_on_with)
{
	read_text("[{}]");
	ck_assert_int_eq(result, -EINVAL);
	CHECK_PROBLEMS("c:1:1: did not expect an array here");
	ck_assert_ptr_null(spec.oci_version);
}
END_TEST

START_TEST(of_a_member_given_twice_the_first_counts)
{
	read_text("{\"ociVersion\":\"1\",\"hostname\":\"a\",\"HOSTNAME\":7}");
	CHECK_PROBLEMS("c:1:34: hostname: given twice");
	ck_assert_str_eq(spec.hostname, "a");
}
END_TEST

START_TEST(each_key_given_twice_is_told)
{
	read_text(SPEC("\"annotations\":{\"a\":\"1\",\"b\":\"2\",\"a\":\"3\",\"b\":\"4\",\"a\":"
		       "\"5\"}"));
	ck_assert_uint_eq(problems.count, 3);
	ck_assert_uint_eq(spec.annotations.count, 5);
}
END_TEST

START_TEST(unknown_members_are_told_with_the_name_that_may_be_meant)
{
	read_text(SPEC("\"hostnmae\":1,\"vm\":{\"kernel\":{}},\"process\":{\"cwd\":\"/\","
		       "\"enviroment\":[],\"noNewPrivilege\":true},"
		       "\"mounts\":[{\"destination\":\"/\",\"src\":\"\",\"sources\":\"\"}]"));
	ck_assert_int_eq(result, 0);
	CHECK_PROBLEMS("c:1:23: hostnmae: unknown member, ignored (is \"hostname\" meant?)",
		       "c:1:36: vm: unknown member, ignored",
		       "c:1:76: process.enviroment: unknown member, ignored",
		       "c:1:92: process.noNewPrivilege: unknown member, ignored (is "
		       "\"noNewPrivileges\" meant?)",
		       "c:1:144: mounts[0].src: unknown member, ignored",
		       "c:1:153: mounts[0].sources: unknown member, ignored (is \"source\" "
		       "meant?)");
	for (size_t i = 0; i < problems.count; i++)
		ck_assert(problems.items[i].is_unknown);
}
END_TEST

START_TEST(what_is_in_unknown_members_is_not_told)
{
	read_text(SPEC("\"windows\":{\"a\":{\"b\":1,\"b\":2},\"process\":7}"));
	ck_assert_uint_eq(problems.count, 1);
}
END_TEST

START_TEST(bad_syntax_ends_it_behind_what_was_found)
{
	read_text("{\"ociVersion\":1,\"hostname\":2,\"linux\":{,}}");
	ck_assert_int_eq(result, -EINVAL);
	ck_assert_uint_eq(problems.count, 3);
	ck_assert_str_eq(problems.items[1].error.path, "hostname");
	ck_assert_ptr_nonnull(strstr(problems.items[2].error.text, "not JSON"));
	ck_assert_ptr_null(spec.oci_version);
}
END_TEST

START_TEST(more_problems_than_can_be_kept_are_counted)
{
	size_t count = OCI_PROBLEMS_MAX + 7;
	char *text = oci_realloc(NULL, 64 + count * 2);
	char *at = text +
		   sprintf(text, "{\"ociVersion\":\"1\",\"process\":{\"cwd\":\"/\",\"args\":[");

	for (size_t i = 0; i < count; i++)
		at += sprintf(at, i ? ",1" : "1");
	strcpy(at, "]}}");
	read_text(text);
	free(text);
	ck_assert_int_eq(result, 0);
	ck_assert_uint_eq(problems.count, OCI_PROBLEMS_MAX);
	ck_assert_uint_eq(problems.left_out, 7);
	ck_assert_uint_eq(spec.process->args.count, count);
}
END_TEST

Suite *test_decode_all(void)
{
	Suite *suite = suite_create("libocispec/decode_all");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, NULL, teardown);
	tcase_add_test(all, a_good_document_has_no_problems);
	tcase_add_test(all, each_mistake_is_told_at_its_place);
	tcase_add_test(all, what_could_not_be_read_can_be_looked_at);
	tcase_add_test(all, a_document_that_is_no_object_has_nothing_to_go_on_with);
	tcase_add_test(all, of_a_member_given_twice_the_first_counts);
	tcase_add_test(all, each_key_given_twice_is_told);
	tcase_add_test(all, unknown_members_are_told_with_the_name_that_may_be_meant);
	tcase_add_test(all, what_is_in_unknown_members_is_not_told);
	tcase_add_test(all, bad_syntax_ends_it_behind_what_was_found);
	tcase_add_test(all, more_problems_than_can_be_kept_are_counted);
	suite_add_tcase(suite, all);
	return suite;
}
