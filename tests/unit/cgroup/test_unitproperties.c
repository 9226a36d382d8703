/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_unitproperties - cgroup/unitproperties.c */
#include <check.h>
#include <stdint.h>
#include <string.h>

#include "cgroup/unit.h"

static struct unit_properties list;

static const struct unit_property *find(const char *name)
{
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.items[i].name, name) == 0)
			return &list.items[i];
	return NULL;
}

static void convert(const char *file, const char *value)
{
	struct cgroup_write write = { .file = file, .value = value, .origin = "here" };

	unit_properties(&write, 1, &list);
}

static void check_natural(const char *file, const char *value, const char *name,
			  uint64_t natural)
{
	const struct unit_property *property;

	convert(file, value);
	property = find(name);
	ck_assert_ptr_nonnull(property);
	ck_assert_int_eq(property->type, UNIT_UINT64);
	ck_assert_uint_eq(property->natural, natural);
	ck_assert_str_eq(property->origin, "here");
}

START_TEST(limits_keep_their_number_and_max_is_infinity)
{
	check_natural("memory.max", "1048576", "MemoryMax", 1048576);
	check_natural("memory.max", "max", "MemoryMax", UINT64_MAX);
	check_natural("memory.low", "5", "MemoryLow", 5);
	check_natural("memory.min", "6", "MemoryMin", 6);
	check_natural("memory.high", "7", "MemoryHigh", 7);
	check_natural("memory.swap.max", "0", "MemorySwapMax", 0);
	check_natural("cpu.weight", "100", "CPUWeight", 100);
	check_natural("pids.max", "max", "TasksMax", UINT64_MAX);
}
END_TEST

START_TEST(a_quota_becomes_microseconds_of_a_second_rounded_up_to_ten_milliseconds)
{
	check_natural("cpu.max", "50000 100000", "CPUQuotaPerSecUSec", 500000);
	ck_assert_uint_eq(find("CPUQuotaPeriodUSec")->natural, 100000);
	check_natural("cpu.max", "20001 40000", "CPUQuotaPerSecUSec", 510000);
	check_natural("cpu.max", "1000 1000000", "CPUQuotaPerSecUSec", 10000);
	check_natural("cpu.max", "max 100000", "CPUQuotaPerSecUSec", UINT64_MAX);
}
END_TEST

START_TEST(idle_is_a_weight_of_zero_and_not_idle_says_nothing)
{
	check_natural("cpu.idle", "1", "CPUWeight", 0);
	convert("cpu.idle", "0");
	ck_assert_uint_eq(list.count, 0);
}
END_TEST

START_TEST(lists_of_cpus_and_nodes_become_bits)
{
	static const uint8_t bits[] = { 0x0f, 0x01, 0x80 };
	const struct unit_property *property;

	convert("cpuset.cpus", "0-3,8,23");
	property = find("AllowedCPUs");
	ck_assert_ptr_nonnull(property);
	ck_assert_int_eq(property->type, UNIT_BYTES);
	ck_assert_uint_eq(property->bytes.count, sizeof(bits));
	ck_assert_mem_eq(property->bytes.items, bits, sizeof(bits));
	convert("cpuset.mems", "0");
	ck_assert_uint_eq(find("AllowedMemoryNodes")->bytes.items[0], 1);
}
END_TEST

START_TEST(what_has_no_property_or_is_not_understood_is_left_to_the_file)
{
	static const char *const cases[][2] = {
		{ "io.max", "8:0 rbps=1" }, { "cpu.max.burst", "5" },
		{ "memory.max", "lots" },   { "cpu.max", "5" },
		{ "cpu.max", "5 0" },       { "cpuset.cpus", "3-1" },
		{ "cpuset.cpus", "x" },     { "cpuset.cpus", "5000" },
		{ "cpuset.cpus", "1;2" },   { "cpu.max", "18446744073709551615 100000" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		convert(cases[i][0], cases[i][1]);
		ck_assert_msg(list.count == 0, "%s %s", cases[i][0], cases[i][1]);
	}
}
END_TEST

START_TEST(what_is_written_twice_has_the_last_value)
{
	struct cgroup_write writes[] = {
		{ .file = "memory.max", .value = "1", .origin = "a" },
		{ .file = "pids.max", .value = "9", .origin = "b" },
		{ .file = "memory.max", .value = "2", .origin = "c" },
	};

	unit_properties(writes, 3, &list);
	ck_assert_uint_eq(list.count, 2);
	ck_assert_uint_eq(find("MemoryMax")->natural, 2);
	ck_assert_str_eq(find("MemoryMax")->origin, "c");
}
END_TEST

Suite *test_cgroup_unitproperties(void);
Suite *test_cgroup_unitproperties(void)
{
	Suite *suite = suite_create("cgroup/unitproperties");
	TCase *tests = tcase_create("all");

	tcase_add_test(tests, limits_keep_their_number_and_max_is_infinity);
	tcase_add_test(tests,
		       a_quota_becomes_microseconds_of_a_second_rounded_up_to_ten_milliseconds);
	tcase_add_test(tests, idle_is_a_weight_of_zero_and_not_idle_says_nothing);
	tcase_add_test(tests, lists_of_cpus_and_nodes_become_bits);
	tcase_add_test(tests, what_has_no_property_or_is_not_understood_is_left_to_the_file);
	tcase_add_test(tests, what_is_written_twice_has_the_last_value);
	suite_add_tcase(suite, tests);
	return suite;
}
