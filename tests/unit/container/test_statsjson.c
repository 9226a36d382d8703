/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_statsjson - the words of `events`. */
#include "container/statsjson.h"

#include <check.h>
#include <string.h>

#define HEAD "{\"type\":\"stats\",\"id\":\"c1\",\"data\":{"
#define CPUSET                                                                    \
	"\"cpuset\":{\"cpu_exclusive\":0,\"mem_hardwall\":0,\"mem_exclusive\":0," \
	"\"memory_migrate\":0,\"memory_spread_page\":0,\"memory_spread_slab\":0," \
	"\"memory_pressure\":0,\"sched_load_balance\":0,\"sched_relax_domain_level\":0},"
#define TAIL "\"intel_rdt\":{},\"network_interfaces\":null}}\n"

static void expect(const struct cgroup_stats *stats, const char *text)
{
	_cleanup_buf_ struct buf out = { 0 };

	stats_print("c1", stats, &out);
	ck_assert_str_eq(buf_text(&out), text);
}

START_TEST(nothing_used_is_empty_objects)
{
	const struct cgroup_stats stats = { 0 };

	expect(&stats, HEAD "\"cpu\":{}," CPUSET
			    "\"memory\":{},\"pids\":{},\"blkio\":{},\"hugetlb\":{}," TAIL);
}
END_TEST

START_TEST(swap_is_counted_together_with_memory)
{
	struct stats_pair pairs[] = { { (char[]){ "file" }, 9 } };
	const struct cgroup_stats stats = {
		.has_memory = true,
		.has_swap = true,
		.memory = 100,
		.memory_limit = 1000,
		.memory_peak = 200,
		.swap = 5,
		.swap_limit = 50,
		.memory_pairs = pairs,
		.memory_pair_count = 1,
	};

	expect(&stats,
	       HEAD "\"cpu\":{}," CPUSET "\"memory\":{\"cache\":9,"
		    "\"usage\":{\"limit\":1000,\"usage\":100,\"max\":200,\"failcnt\":0},"
		    "\"swap\":{\"limit\":1050,\"usage\":105,\"failcnt\":0},"
		    "\"raw\":{\"file\":9}},\"pids\":{},\"blkio\":{},\"hugetlb\":{}," TAIL);
}
END_TEST

START_TEST(without_a_limit_the_sum_has_none)
{
	const struct cgroup_stats stats = {
		.has_memory = true,
		.has_swap = true,
		.memory_limit = STATS_UNLIMITED,
		.swap_limit = 50,
	};

	expect(&stats, HEAD "\"cpu\":{}," CPUSET "\"memory\":{"
			    "\"usage\":{\"limit\":18446744073709551615,\"failcnt\":0},"
			    "\"swap\":{\"limit\":18446744073709551615,\"failcnt\":0}},"
			    "\"pids\":{},\"blkio\":{},\"hugetlb\":{}," TAIL);
}
END_TEST

START_TEST(times_are_nanoseconds_and_averages_are_short)
{
	const struct cgroup_stats stats = {
		.cpu_usage = 10,
		.cpu_user = 4,
		.cpu_throttled = 2,
		.cpu_pressure = { .is_set = true,
				  .some = { .average10 = 150,
					    .average60 = 7,
					    .average300 = 10000,
					    .total = 3 } },
	};

	expect(&stats, HEAD
	       "\"cpu\":{\"usage\":{\"total\":10000,\"kernel\":0,\"user\":4000},"
	       "\"throttling\":{\"throttledTime\":2000},"
	       "\"psi\":{\"some\":{\"avg10\":1.5,\"avg60\":0.07,\"avg300\":100,\"total\":3},"
	       "\"full\":{\"avg10\":0,\"avg60\":0,\"avg300\":0,\"total\":0}}}," CPUSET
	       "\"memory\":{},\"pids\":{},\"blkio\":{},\"hugetlb\":{}," TAIL);
}
END_TEST

START_TEST(devices_and_huge_pages)
{
	struct stats_io io[] = { { 8, 0, 1, 2, 3, 0 } };
	struct stats_hugetlb hugetlb[] = { { (char[]){ "2MB" }, 4096, 1 } };
	const struct cgroup_stats stats = {
		.pids = 3,
		.pids_limit = 20,
		.io = io,
		.io_count = 1,
		.hugetlb = hugetlb,
		.hugetlb_count = 1,
	};

	expect(&stats, HEAD
	       "\"cpu\":{}," CPUSET "\"memory\":{},\"pids\":{\"current\":3,\"limit\":20},"
	       "\"blkio\":{\"ioServiceBytesRecursive\":["
	       "{\"major\":8,\"op\":\"Read\",\"value\":1},{\"major\":8,\"op\":\"Write\","
	       "\"value\":2}],"
	       "\"ioServicedRecursive\":["
	       "{\"major\":8,\"op\":\"Read\",\"value\":3},{\"major\":8,\"op\":\"Write\"}]},"
	       "\"hugetlb\":{\"2MB\":{\"usage\":4096,\"failcnt\":1}}," TAIL);
}
END_TEST

START_TEST(other_events_have_no_data)
{
	_cleanup_buf_ struct buf out = { 0 };

	stats_print_event("oom", "c1", &out);
	ck_assert_str_eq(buf_text(&out), "{\"type\":\"oom\",\"id\":\"c1\"}\n");
}
END_TEST

Suite *test_container_statsjson(void);
Suite *test_container_statsjson(void)
{
	Suite *suite = suite_create("container/statsjson");
	TCase *lines = tcase_create("lines");

	tcase_add_test(lines, nothing_used_is_empty_objects);
	tcase_add_test(lines, swap_is_counted_together_with_memory);
	tcase_add_test(lines, without_a_limit_the_sum_has_none);
	tcase_add_test(lines, times_are_nanoseconds_and_averages_are_short);
	tcase_add_test(lines, devices_and_huge_pages);
	tcase_add_test(lines, other_events_have_no_data);
	suite_add_tcase(suite, lines);
	return suite;
}
