/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode - what is taken, and what it becomes. */
#include "libocispec/decode.h"

#include <errno.h>

#include "tests/unit/libocispec/decoding.h"
#include "tests/unit/libocispec/suites.h"

static struct arena arena;

static void teardown(void)
{
	arena_free(&arena);
}

START_TEST(what_was_not_given_is_absent)
{
	struct oci_spec spec = decode_text("{\"ociVersion\":\"1.3.0\"}", &arena);

	ck_assert_str_eq(spec.oci_version, "1.3.0");
	ck_assert_ptr_null(spec.process);
	ck_assert_ptr_null(spec.hostname);
	ck_assert_ptr_null(spec.linux);
	ck_assert(!spec.mounts.is_set);
	ck_assert(!spec.annotations.is_set);
}
END_TEST

START_TEST(an_empty_list_is_not_an_absent_one)
{
	struct oci_spec spec = decode_text(PROCESS("\"env\":[]"), &arena);

	ck_assert(spec.process->env.is_set);
	ck_assert_uint_eq(spec.process->env.count, 0);
	ck_assert(!spec.process->args.is_set);
}
END_TEST

START_TEST(null_is_the_same_as_absent)
{
	struct oci_spec spec = decode_text(
		SPEC("\"process\":null,\"mounts\":null,\"annotations\":null,\"hostname\":null,"
		     "\"linux\":{\"rootfsPropagation\":null,\"maskedPaths\":null,"
		     "\"resources\":{\"pids\":{\"limit\":null},\"rdma\":null}}"),
		&arena);

	ck_assert_ptr_null(spec.process);
	ck_assert_ptr_null(spec.hostname);
	ck_assert(!spec.mounts.is_set);
	ck_assert(!spec.annotations.is_set);
	ck_assert_int_eq(spec.linux->rootfs_propagation, OCI_PROPAGATION_ABSENT);
	ck_assert(!spec.linux->masked_paths.is_set);
	ck_assert(!spec.linux->resources->pids->limit.is_set);
	ck_assert(!spec.linux->resources->rdma.is_set);
}
END_TEST

START_TEST(zero_and_false_are_not_absent)
{
	struct oci_spec spec = decode_text(
		PROCESS("\"terminal\":false,\"oomScoreAdj\":0,\"user\":{\"umask\":0}"), &arena);

	ck_assert(spec.process->terminal.is_set && !spec.process->terminal.value);
	ck_assert(spec.process->oom_score_adj.is_set);
	ck_assert(spec.process->user->umask.is_set);
	ck_assert(!spec.process->user->uid.is_set);
	ck_assert_uint_eq(spec.process->user->uid.value, 0);
}
END_TEST

START_TEST(an_empty_string_is_not_absent)
{
	struct oci_spec spec = decode_text(SPEC("\"hostname\":\"\""), &arena);

	ck_assert_str_eq(spec.hostname, "");
}
END_TEST

START_TEST(names_match_without_regard_to_case)
{
	struct oci_spec spec = decode_text("{\"OCIversion\":\"1\",\"HOSTNAME\":\"a\","
					   "\"Linux\":{\"MASKEDpaths\":[\"/a\"]}}",
					   &arena);

	ck_assert_str_eq(spec.oci_version, "1");
	ck_assert_str_eq(spec.hostname, "a");
	ck_assert_str_eq(spec.linux->masked_paths.items[0], "/a");
}
END_TEST

START_TEST(names_match_as_go_folds_them_beyond_ascii)
{
	struct oci_spec spec = decode_text(
		SPEC("\"ho\xc5\xbftname\":\"s\",\"hoo\xe2\x84\xaas\":{\"poststop\":[]}"),
		&arena);

	ck_assert_str_eq(spec.hostname, "s");
	ck_assert(spec.hooks->poststop.is_set);
}
END_TEST

START_TEST(keys_of_maps_keep_their_case)
{
	struct oci_spec spec =
		decode_text(SPEC("\"annotations\":{\"a\":\"1\",\"A\":\"2\"}"), &arena);

	ck_assert_uint_eq(spec.annotations.count, 2);
	ck_assert_str_eq(oci_pairs_get(&spec.annotations, "a"), "1");
	ck_assert_str_eq(oci_pairs_get(&spec.annotations, "A"), "2");
	ck_assert_ptr_null(oci_pairs_get(&spec.annotations, "b"));
}
END_TEST

START_TEST(unknown_members_are_skipped_whatever_they_hold)
{
	struct oci_spec spec = decode_text(
		SPEC("\"windows\":{\"a\":[1.5e300,{\"a\":1,\"A\":2,\"a\":3}],\"b\":null},"
		     "\"vm\":-0.0,\"zos\":[[],{}],\"solaris\":\"\",\"hostname\":\"a\""),
		&arena);

	ck_assert_str_eq(spec.hostname, "a");
}
END_TEST

START_TEST(members_of_other_systems_are_skipped)
{
	struct oci_spec spec = decode_text(
		PROCESS("\"commandLine\":\"a b\",\"user\":{\"username\":\"u\",\"uid\":7}"),
		&arena);

	ck_assert_uint_eq(spec.process->user->uid.value, 7);
}
END_TEST

START_TEST(numbers_reach_the_ends_of_their_ranges)
{
	struct oci_spec spec = decode_text(
		SPEC("\"process\":{\"cwd\":\"/\",\"oomScoreAdj\":-2147483648,"
		     "\"user\":{\"uid\":4294967295,\"additionalGids\":[0,4294967295]},"
		     "\"rlimits\":[{\"type\":\"a\",\"soft\":0,\"hard\":18446744073709551615}]},"
		     "\"linux\":{\"resources\":{\"blockIO\":{\"weight\":65535},"
		     "\"memory\":{\"limit\":-9223372036854775808,"
		     "\"swap\":9223372036854775807,\"kernel\":-0}}}"),
		&arena);
	const struct oci_memory *memory = spec.linux->resources->memory;

	ck_assert_int_eq(spec.process->oom_score_adj.value, INT32_MIN);
	ck_assert_uint_eq(spec.process->user->uid.value, UINT32_MAX);
	ck_assert_uint_eq(spec.process->user->additional_gids.items[1], UINT32_MAX);
	ck_assert(spec.process->rlimits.items[0].hard.value == UINT64_MAX);
	ck_assert_uint_eq(spec.linux->resources->block_io->weight.value, UINT16_MAX);
	ck_assert(memory->limit.value == INT64_MIN);
	ck_assert(memory->swap.value == INT64_MAX);
	ck_assert(memory->kernel.is_set && memory->kernel.value == 0);
}
END_TEST

START_TEST(escapes_are_resolved)
{
	struct oci_spec spec = decode_text(
		SPEC("\"hostname\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00\""),
		&arena);

	ck_assert_str_eq(spec.hostname, "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80");
}
END_TEST

START_TEST(words_become_their_place_in_the_list_of_words)
{
	struct oci_spec spec = decode_text(LINUX("\"namespaces\":[{\"type\":\"time\"},{"
						 "\"type\":\"pid\",\"path\":\"/n\"}]"),
					   &arena);
	const struct oci_namespaces *namespaces = &spec.linux->namespaces;

	ck_assert_uint_eq(namespaces->count, 2);
	ck_assert_int_eq(namespaces->items[0].type, OCI_NAMESPACE_TIME);
	ck_assert_ptr_null(namespaces->items[0].path);
	ck_assert_int_eq(namespaces->items[1].type, OCI_NAMESPACE_PID);
	ck_assert_str_eq(namespaces->items[1].path, "/n");
	ck_assert_uint_eq(oci_word_find(oci_namespace_type_words, "pid"), OCI_NAMESPACE_PID);
	ck_assert_uint_eq(oci_word_find(oci_namespace_type_words, ""), 0);
}
END_TEST

START_TEST(a_map_of_objects_keeps_order_and_keys)
{
	struct oci_spec spec = decode_text(
		LINUX("\"netDevices\":{\"b\":{\"name\":\"x\"},\"a\":{},\"c\":{\"name\":\"\"}}"),
		&arena);
	const struct oci_net_devices *devices = &spec.linux->net_devices;

	ck_assert_uint_eq(devices->count, 3);
	ck_assert_str_eq(devices->items[0].key, "b");
	ck_assert_str_eq(devices->items[0].name, "x");
	ck_assert_str_eq(devices->items[1].key, "a");
	ck_assert_ptr_null(devices->items[1].name);
	ck_assert_str_eq(devices->items[2].name, "");
}
END_TEST

START_TEST(nothing_points_into_the_document)
{
	char text[] = SPEC("\"hostname\":\"a\",\"annotations\":{\"k\":\"v\"}");
	struct oci_spec spec = decode_text(text, &arena);

	memset(text, 'x', sizeof(text));
	ck_assert_str_eq(spec.hostname, "a");
	ck_assert_str_eq(spec.annotations.items[0].key, "k");
	ck_assert_str_eq(spec.annotations.items[0].value, "v");
}
END_TEST

START_TEST(one_part_can_be_read_alone)
{
	const char *text = "{\"pids\":{\"limit\":-1}}";
	struct oci_document document = { "-", text, strlen(text) };
	struct oci_resources resources;
	struct oci_error error;

	ck_assert_int_eq(oci_decode_resources(&document, &arena, &resources, &error), 0);
	ck_assert(resources.pids->limit.value == -1);
	ck_assert_int_eq(error.code, 0);
}
END_TEST

START_TEST(an_error_comes_whole_and_in_parts)
{
	const char *text = "{\n\t\"cwd\": \"/\",\n\t\"rlimits\": [{\"hard\": -3}]}";
	struct oci_document document = { "process.json", text, strlen(text) };
	struct oci_process process;
	struct oci_error error;

	ck_assert_int_eq(oci_decode_process(&document, &arena, &process, &error), -EINVAL);
	ck_assert_int_eq(error.code, EINVAL);
	ck_assert_uint_eq(error.line, 3);
	ck_assert_uint_eq(error.column, 23);
	ck_assert_str_eq(error.path, "rlimits[0].hard");
	ck_assert_str_eq(error.text, "process.json:3:23: rlimits[0].hard: -3 is out of range");
}
END_TEST

Suite *test_decode(void)
{
	Suite *suite = suite_create("libocispec/decode");
	TCase *taken = tcase_create("taken");

	tcase_add_checked_fixture(taken, NULL, teardown);
	tcase_add_test(taken, what_was_not_given_is_absent);
	tcase_add_test(taken, an_empty_list_is_not_an_absent_one);
	tcase_add_test(taken, null_is_the_same_as_absent);
	tcase_add_test(taken, zero_and_false_are_not_absent);
	tcase_add_test(taken, an_empty_string_is_not_absent);
	tcase_add_test(taken, names_match_without_regard_to_case);
	tcase_add_test(taken, names_match_as_go_folds_them_beyond_ascii);
	tcase_add_test(taken, keys_of_maps_keep_their_case);
	tcase_add_test(taken, unknown_members_are_skipped_whatever_they_hold);
	tcase_add_test(taken, members_of_other_systems_are_skipped);
	tcase_add_test(taken, numbers_reach_the_ends_of_their_ranges);
	tcase_add_test(taken, escapes_are_resolved);
	tcase_add_test(taken, words_become_their_place_in_the_list_of_words);
	tcase_add_test(taken, a_map_of_objects_keeps_order_and_keys);
	tcase_add_test(taken, nothing_points_into_the_document);
	tcase_add_test(taken, one_part_can_be_read_alone);
	tcase_add_test(taken, an_error_comes_whole_and_in_parts);
	suite_add_tcase(suite, taken);
	return suite;
}
