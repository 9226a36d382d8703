/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_update - what `update` writes, and what is remembered. */
#include "plan/update.h"

#include <check.h>
#include <string.h>

#include "base/err.h"
#include "fixture.h"
#include "libocispec/decode.h"
#include "libocispec/encode.h"

struct outcome {
	struct arena arena;
	struct oci_resources all;
	int code;
	struct plan plan;
};

static struct oci_resources parse(const char *text, struct arena *arena)
{
	struct oci_document document = { "test", text, strlen(text) };
	struct oci_resources resources;
	struct oci_error error;

	ck_assert_msg(oci_decode(&oci_resources_type, &document, arena, &resources, &error) ==
			      0,
		      "%s", error.text);
	return resources;
}

static struct outcome update(const char *now, const char *wanted)
{
	struct outcome outcome = { 0 };
	struct oci_resources before = parse(now, &outcome.arena);
	struct oci_resources change = parse(wanted, &outcome.arena);
	struct oci_resources part;

	update_merge(&before, &change, &outcome.arena, &outcome.all, &part);
	outcome.code = plan_update(&part, NULL, &plan_host, &outcome.plan);
	return outcome;
}

static void end(struct outcome *outcome)
{
	plan_release(&outcome->plan);
	arena_free(&outcome->arena);
}

/* NOW changed by WANTED writes WRITES ("FILE=VALUE ..."), and is ALL then. */
static void expect(const char *now, const char *wanted, const char *writes, const char *all)
{
	struct outcome outcome = update(now, wanted);
	struct oci_text text = { 0 };
	_cleanup_buf_ struct buf got = { 0 };

	ck_assert_msg(outcome.code == 0, "%s", err_last()->text);
	for (size_t i = 0; i < outcome.plan.cgroup.write_count; i++)
		buf_printf(&got, "%s%s=%s%s", i ? "; " : "", outcome.plan.cgroup.writes[i].file,
			   outcome.plan.cgroup.writes[i].value,
			   outcome.plan.cgroup.writes[i].is_try ? "?" : "");
	ck_assert_str_eq(buf_text(&got), writes);
	oci_encode(&oci_resources_type, &outcome.all, NULL, &text);
	ck_assert_str_eq(text.bytes, all);
	oci_text_release(&text);
	end(&outcome);
}

START_TEST(only_what_is_named_is_written)
{
	expect("{\"memory\":{\"limit\":100,\"reservation\":50},\"pids\":{\"limit\":9}}",
	       "{\"pids\":{\"limit\":10}}", "pids.max=10",
	       "{\"memory\":{\"limit\":100,\"reservation\":50},\"pids\":{\"limit\":10}}");
	expect("{\"memory\":{\"limit\":100}}", "{}", "", "{\"memory\":{\"limit\":100}}");
	expect("{}", "{\"memory\":{\"reservation\":7}}", "memory.low=7",
	       "{\"memory\":{\"reservation\":7}}");
}
END_TEST

START_TEST(another_limit_of_memory_is_another_one_of_swap)
{
	expect("{\"memory\":{\"limit\":100,\"swap\":150}}", "{\"memory\":{\"limit\":120}}",
	       "memory.swap.max=30; memory.max=120",
	       "{\"memory\":{\"limit\":120,\"swap\":150}}");
	expect("{\"memory\":{\"limit\":100,\"swap\":150}}", "{\"memory\":{\"swap\":100}}",
	       "memory.swap.max=0; memory.max=100",
	       "{\"memory\":{\"limit\":100,\"swap\":100}}");
}
END_TEST

START_TEST(no_limit_of_memory_is_none_of_swap)
{
	expect("{\"memory\":{\"limit\":100,\"swap\":150}}", "{\"memory\":{\"limit\":-1}}",
	       "memory.swap.max=max; memory.max=max", "{\"memory\":{\"limit\":-1,\"swap\":0}}");
	expect("{\"memory\":{\"limit\":100}}", "{\"memory\":{\"limit\":-1,\"swap\":70}}",
	       "memory.swap.max=70; memory.max=max", "{\"memory\":{\"limit\":-1,\"swap\":70}}");
}
END_TEST

START_TEST(a_sum_below_the_limit_is_refused)
{
	struct outcome outcome = update("{\"memory\":{\"limit\":100,\"swap\":150}}",
					"{\"memory\":{\"limit\":200}}");

	ck_assert_int_lt(outcome.code, 0);
	ck_assert_ptr_nonnull(strstr(err_last()->text, "memory+swap limit should be"));
	err_clear();
	end(&outcome);
}
END_TEST

START_TEST(a_quota_keeps_its_period)
{
	expect("{\"cpu\":{\"quota\":10,\"period\":50}}", "{\"cpu\":{\"quota\":20}}",
	       "cpu.max=20 50", "{\"cpu\":{\"quota\":20,\"period\":50}}");
	expect("{\"cpu\":{\"quota\":10,\"period\":50}}", "{\"cpu\":{\"period\":60}}",
	       "cpu.max=10 60", "{\"cpu\":{\"quota\":10,\"period\":60}}");
	expect("{\"cpu\":{\"quota\":10,\"period\":50}}", "{\"cpu\":{\"quota\":-1}}",
	       "cpu.max=max 50", "{\"cpu\":{\"quota\":-1,\"period\":50}}");
}
END_TEST

START_TEST(burst_is_tried_before_the_quota_and_written_behind)
{
	expect("{}", "{\"cpu\":{\"quota\":20,\"burst\":5}}",
	       "cpu.max.burst=5?; cpu.max=20 100000; cpu.max.burst=5",
	       "{\"cpu\":{\"quota\":20,\"burst\":5}}");
	expect("{}", "{\"cpu\":{\"burst\":5}}", "cpu.max.burst=5", "{\"cpu\":{\"burst\":5}}");
}
END_TEST

START_TEST(a_weight_is_written_while_not_idle)
{
	expect("{\"cpu\":{\"idle\":1}}", "{\"cpu\":{\"shares\":1024}}",
	       "cpu.idle=0; cpu.weight=100; cpu.idle=1",
	       "{\"cpu\":{\"shares\":1024,\"idle\":1}}");
	expect("{\"cpu\":{\"shares\":1024}}", "{\"cpu\":{\"idle\":1}}", "cpu.idle=1",
	       "{\"cpu\":{\"shares\":0,\"idle\":1}}");
	expect("{\"cpu\":{\"shares\":1024}}", "{\"cpu\":{\"shares\":2000}}", "cpu.weight=170",
	       "{\"cpu\":{\"shares\":2000}}");
}
END_TEST

START_TEST(lists_with_keys_grow_and_change)
{
	expect("{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":1},"
	       "{\"major\":8,\"minor\":1,\"rate\":2}]}}",
	       "{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":1,\"rate\":3},"
	       "{\"major\":9,\"minor\":1,\"rate\":4}]}}",
	       "io.max=8:1 rbps=3; io.max=9:1 rbps=4",
	       "{\"blockIO\":{\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":1},"
	       "{\"major\":8,\"minor\":1,\"rate\":3},{\"major\":9,\"minor\":1,\"rate\":4}]}}");
	expect("{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":1}]}",
	       "{\"hugepageLimits\":[{\"pageSize\":\"1GB\",\"limit\":2},{\"pageSize\":\"2MB\","
	       "\"limit\":3}]}",
	       "hugetlb.1GB.max=2; hugetlb.1GB.rsvd.max=2; hugetlb.2MB.max=3; "
	       "hugetlb.2MB.rsvd.max=3",
	       "{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":3},{\"pageSize\":\"1GB\","
	       "\"limit\":2}]}");
	expect("{\"unified\":{\"memory.high\":\"1\"}}",
	       "{\"unified\":{\"memory.min\":\"2\",\"memory.high\":\"3\"}}",
	       "memory.min=2; memory.high=3",
	       "{\"unified\":{\"memory.high\":\"3\",\"memory.min\":\"2\"}}");
	expect("{\"rdma\":{\"m\":{\"hcaHandles\":1,\"hcaObjects\":2}}}",
	       "{\"rdma\":{\"m\":{\"hcaHandles\":3}}}", "rdma.max=m hca_handle=3",
	       "{\"rdma\":{\"m\":{\"hcaHandles\":3,\"hcaObjects\":2}}}");
}
END_TEST

START_TEST(devices_are_replaced_as_a_whole_and_only_if_they_are_given)
{
	struct outcome outcome = update("{\"devices\":[{\"allow\":true,\"access\":\"rwm\"}]}",
					"{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]}");

	ck_assert_int_eq(outcome.code, 0);
	ck_assert(outcome.plan.cgroup.wants_devices);
	ck_assert_uint_eq(outcome.all.devices.count, 1);
	ck_assert(!outcome.all.devices.items[0].allow.value);
	end(&outcome);
	outcome = update("{\"devices\":[{\"allow\":true,\"access\":\"rwm\"}]}", "{}");
	ck_assert(!outcome.plan.cgroup.wants_devices);
	ck_assert_uint_eq(outcome.all.devices.count, 1);
	end(&outcome);
}
END_TEST

START_TEST(usage_is_checked_when_it_was_asked_for_once)
{
	struct outcome outcome =
		update("{\"memory\":{\"limit\":100,\"swap\":150,\"checkBeforeUpdate\":true}}",
		       "{\"memory\":{\"limit\":120}}");

	ck_assert_uint_eq(outcome.plan.cgroup.refused_memory, 120);
	ck_assert_uint_eq(outcome.plan.cgroup.refused_swap, 150);
	end(&outcome);
	outcome = update("{\"memory\":{\"limit\":100}}", "{\"memory\":{\"limit\":120}}");
	ck_assert_uint_eq(outcome.plan.cgroup.refused_memory, 0);
	end(&outcome);
}
END_TEST

START_TEST(neither_side_changes)
{
	struct arena arena = { 0 };
	struct oci_resources now =
		parse("{\"memory\":{\"limit\":1},\"unified\":{\"a.b\":\"1\"}}", &arena);
	struct oci_resources wanted =
		parse("{\"memory\":{\"limit\":-1},\"unified\":{\"a.b\":\"2\"}}", &arena);
	struct oci_resources all, part;

	update_merge(&now, &wanted, &arena, &all, &part);
	ck_assert_int_eq(now.memory->limit.value, 1);
	ck_assert_str_eq(now.unified.items[0].value, "1");
	ck_assert(!wanted.memory->swap.is_set);
	arena_free(&arena);
}
END_TEST

#define MANY 400000

static struct oci_throttle_devices devices_from(int64_t first, struct arena *arena)
{
	struct oci_throttle_device *items = arena_alloc(arena, MANY * sizeof(*items));

	for (size_t i = 0; i < MANY; i++) {
		items[i].major = (struct oci_i64)OCI_SET(8);
		items[i].minor = (struct oci_i64)OCI_SET(first + (int64_t)i);
		items[i].rate = (struct oci_u64)OCI_SET((uint64_t)first);
	}
	return (struct oci_throttle_devices){ .items = items, .count = MANY, .is_set = true };
}

/* Compared each with each they would take longer than a test may. */
START_TEST(as_many_items_as_a_document_can_hold_take_no_longer_each)
{
	struct arena arena = { 0 };
	struct oci_block_io before = { .throttle_read_bps_device = devices_from(0, &arena) };
	struct oci_block_io change = { .throttle_read_bps_device =
					       devices_from(MANY / 2, &arena) };
	const struct oci_resources now = { .block_io = &before },
				   wanted = { .block_io = &change };
	struct oci_resources all, part;
	const struct oci_throttle_devices *list;
	size_t right = 0;

	update_merge(&now, &wanted, &arena, &all, &part);
	list = &all.block_io->throttle_read_bps_device;
	ck_assert_uint_eq(list->count, MANY * 3 / 2);
	for (size_t i = 0; i < list->count; i++)
		right += list->items[i].minor.value == (int64_t)i &&
			 list->items[i].rate.value == (i < MANY / 2 ? 0 : MANY / 2);
	ck_assert_uint_eq(right, list->count);
	arena_free(&arena);
}
END_TEST

START_TEST(of_items_that_are_the_same_the_first_is_changed_by_each)
{
	expect("{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":1},"
	       "{\"pageSize\":\"2MB\",\"limit\":2}]}",
	       "{\"hugepageLimits\":[{\"pageSize\":\"1GB\",\"limit\":3},"
	       "{\"pageSize\":\"2MB\",\"limit\":4},{\"pageSize\":\"1GB\",\"limit\":5}]}",
	       "hugetlb.1GB.max=3; hugetlb.1GB.rsvd.max=3; hugetlb.2MB.max=4; "
	       "hugetlb.2MB.rsvd.max=4; hugetlb.1GB.max=5; hugetlb.1GB.rsvd.max=5",
	       "{\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":4},"
	       "{\"pageSize\":\"2MB\",\"limit\":2},{\"pageSize\":\"1GB\",\"limit\":5}]}");
}
END_TEST

Suite *test_plan_update(void);
Suite *test_plan_update(void)
{
	Suite *suite = suite_create("plan/update");
	TCase *tests = tcase_create("update");

	tcase_set_timeout(tests, 60); /* under valgrind or beside others */
	tcase_add_test(tests, only_what_is_named_is_written);
	tcase_add_test(tests, another_limit_of_memory_is_another_one_of_swap);
	tcase_add_test(tests, no_limit_of_memory_is_none_of_swap);
	tcase_add_test(tests, a_sum_below_the_limit_is_refused);
	tcase_add_test(tests, a_quota_keeps_its_period);
	tcase_add_test(tests, burst_is_tried_before_the_quota_and_written_behind);
	tcase_add_test(tests, a_weight_is_written_while_not_idle);
	tcase_add_test(tests, lists_with_keys_grow_and_change);
	tcase_add_test(tests, devices_are_replaced_as_a_whole_and_only_if_they_are_given);
	tcase_add_test(tests, usage_is_checked_when_it_was_asked_for_once);
	tcase_add_test(tests, neither_side_changes);
	tcase_add_test(tests, as_many_items_as_a_document_can_hold_take_no_longer_each);
	tcase_add_test(tests, of_items_that_are_the_same_the_first_is_changed_by_each);
	suite_add_tcase(suite, tests);
	return suite;
}
