/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_stats - what the kernel says about a cgroup, in files of our own. */
#include "cgroup/stats.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/mem.h"
#include "tests/unit/scratch.h"

START_TEST(max_is_no_limit)
{
	ck_assert_uint_eq(stats_parse_number("max"), STATS_UNLIMITED);
	ck_assert_uint_eq(stats_parse_number("4096"), 4096);
	ck_assert_uint_eq(stats_parse_number(""), 0);
}
END_TEST

START_TEST(a_key_is_a_whole_word_at_the_start_of_a_line)
{
	const char *text = "oom 1\noom_kill 2\nnot_oom_kill 3\nlast 4";

	ck_assert_uint_eq(stats_parse_key(text, "oom"), 1);
	ck_assert_uint_eq(stats_parse_key(text, "oom_kill"), 2);
	ck_assert_uint_eq(stats_parse_key(text, "last"), 4);
	ck_assert_uint_eq(stats_parse_key(text, "kill"), 0);
	ck_assert_uint_eq(stats_parse_key("", "oom"), 0);
}
END_TEST

START_TEST(pressure_has_hundredths)
{
	struct stats_pressure pressure;

	stats_parse_pressure(
		"some avg10=1.50 avg60=0.07 avg300=100.00 total=123\n"
		"full avg10=0.00 avg60=12.34 avg300=0.5 total=18446744073709551615\n",
		&pressure);
	ck_assert(pressure.is_set);
	ck_assert_uint_eq(pressure.some.average10, 150);
	ck_assert_uint_eq(pressure.some.average60, 7);
	ck_assert_uint_eq(pressure.some.average300, 10000);
	ck_assert_uint_eq(pressure.some.total, 123);
	ck_assert_uint_eq(pressure.full.average60, 1234);
	ck_assert_uint_eq(pressure.full.average300, 50);
	ck_assert_uint_eq(pressure.full.total, UINT64_MAX);
}
END_TEST

START_TEST(without_pressure_there_is_none)
{
	struct stats_pressure pressure;

	stats_parse_pressure("", &pressure);
	ck_assert(!pressure.is_set);
}
END_TEST

START_TEST(devices_have_rows_whatever_is_in_them)
{
	struct stats_io *io;
	size_t count;

	stats_parse_io("8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n253:1 \n"
		       "nonsense\n259:7 wios=9\n",
		       &io, &count);
	ck_assert_uint_eq(count, 3);
	ck_assert_uint_eq(io[0].major, 8);
	ck_assert_uint_eq(io[0].read_bytes, 1);
	ck_assert_uint_eq(io[0].write_bytes, 2);
	ck_assert_uint_eq(io[0].reads, 3);
	ck_assert_uint_eq(io[0].writes, 4);
	ck_assert_uint_eq(io[1].major, 253);
	ck_assert_uint_eq(io[1].minor, 1);
	ck_assert_uint_eq(io[1].reads, 0);
	ck_assert_uint_eq(io[2].writes, 9);
	free(io);
}
END_TEST

static char directory[64];

static void write_file(const char *name, const char *text)
{
	_cleanup_free_ char *path = xprintf("%s/%s", directory, name);
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fd_write_all(fd, text, strlen(text)), 0);
}

static void begin(void)
{
	make_scratch(directory);
}

static void end(void)
{
	_cleanup_free_ char *command = xprintf("rm -rf %s", directory);

	ck_assert_int_eq(system(command), 0);
}

static void read_all(struct cgroup_stats *stats)
{
	struct cgroup cgroup = { .fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };

	ck_assert_int_ge(cgroup.fd, 0);
	ck_assert_int_eq(cgroup_stats_read(&cgroup, stats), 0);
	fd_close(cgroup.fd);
}

START_TEST(a_cgroup_without_controllers_has_used_nothing)
{
	struct cgroup_stats stats;

	read_all(&stats);
	ck_assert(!stats.has_memory && !stats.has_swap);
	ck_assert_uint_eq(stats.cpu_usage + stats.pids + stats.io_count + stats.hugetlb_count,
			  0);
	cgroup_stats_release(&stats);
}
END_TEST

START_TEST(all_files_are_read)
{
	struct cgroup_stats stats;

	write_file("cpu.stat", "usage_usec 10\nuser_usec 4\nsystem_usec 6\nnr_periods 3\n"
			       "nr_throttled 2\nthrottled_usec 1\n");
	write_file("memory.current", "100\n");
	write_file("memory.max", "max\n");
	write_file("memory.stat", "anon 7\nfile 8\n");
	write_file("memory.swap.current", "5\n");
	write_file("memory.swap.max", "50\n");
	write_file("pids.current", "2\n");
	write_file("pids.max", "max\n");
	write_file("hugetlb.2MB.current", "4096\n");
	write_file("hugetlb.2MB.events", "max 3\n");
	write_file("hugetlb.2MB.rsvd.current", "9\n");
	read_all(&stats);
	ck_assert_uint_eq(stats.cpu_usage, 10);
	ck_assert_uint_eq(stats.cpu_throttled_periods, 2);
	ck_assert(stats.has_memory && stats.has_swap);
	ck_assert_uint_eq(stats.memory_limit, STATS_UNLIMITED);
	ck_assert_uint_eq(stats.memory_pair_count, 2);
	ck_assert_str_eq(stats.memory_pairs[1].key, "file");
	ck_assert_uint_eq(stats.memory_pairs[1].value, 8);
	ck_assert_uint_eq(stats.swap_limit, 50);
	ck_assert_uint_eq(stats.pids, 2);
	ck_assert_uint_eq(stats.pids_limit, 0);
	ck_assert_uint_eq(stats.hugetlb_count, 1);
	ck_assert_str_eq(stats.hugetlb[0].size, "2MB");
	ck_assert_uint_eq(stats.hugetlb[0].usage, 4096);
	ck_assert_uint_eq(stats.hugetlb[0].failures, 3);
	cgroup_stats_release(&stats);
}
END_TEST

Suite *test_cgroup_stats(void);
Suite *test_cgroup_stats(void)
{
	Suite *suite = suite_create("cgroup/stats");
	TCase *parsers = tcase_create("parsers");
	TCase *files = tcase_create("files");

	tcase_add_test(parsers, max_is_no_limit);
	tcase_add_test(parsers, a_key_is_a_whole_word_at_the_start_of_a_line);
	tcase_add_test(parsers, pressure_has_hundredths);
	tcase_add_test(parsers, without_pressure_there_is_none);
	tcase_add_test(parsers, devices_have_rows_whatever_is_in_them);
	suite_add_tcase(suite, parsers);
	tcase_add_checked_fixture(files, begin, end);
	tcase_add_test(files, a_cgroup_without_controllers_has_used_nothing);
	tcase_add_test(files, all_files_are_read);
	suite_add_tcase(suite, files);
	return suite;
}
