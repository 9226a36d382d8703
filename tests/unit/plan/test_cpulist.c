/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_cpulist - lists of processors and memory nodes. */
#include <check.h>

#include "base/cleanup.h"
#include "plan/cpulist.h"

START_TEST(numbers_and_ranges_are_lists)
{
	static const char *const good[] = { "0", "0-3", "1,3,5-7", "32767", "5-5", "7,0" };

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ck_assert_msg(cpulist_is_valid(good[i]), "%s", good[i]);
}
END_TEST

START_TEST(everything_else_is_not)
{
	static const char *const bad[] = { "",     ",",     "1,",
					   ",1",   "3-1",   "-1",
					   "1-",   "a",     "1 ",
					   " 1",   "0x1",   "1--2",
					   "1,,2", "32768", "99999999999999999999",
					   "1-2-3" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(!cpulist_is_valid(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(each_number_has_its_bit)
{
	static uint64_t words[CPULIST_MAX / 64];

	ck_assert_uint_eq(cpulist_bits("0-1,3,64,127-128", words), 3);
	ck_assert_uint_eq(words[0], 0xb);
	ck_assert_uint_eq(words[1], 0x8000000000000001);
	ck_assert_uint_eq(words[2], 1);
}
END_TEST

START_TEST(the_largest_number_has_its_bit)
{
	static uint64_t words[CPULIST_MAX / 64];

	ck_assert_uint_eq(cpulist_bits("32767", words), CPULIST_MAX / 64);
	ck_assert_uint_eq(words[CPULIST_MAX / 64 - 1], 0x8000000000000000);
}
END_TEST

Suite *test_plan_cpulist(void);
Suite *test_plan_cpulist(void)
{
	Suite *suite = suite_create("plan/cpulist");
	TCase *tests = tcase_create("cpulist");

	tcase_add_test(tests, numbers_and_ranges_are_lists);
	tcase_add_test(tests, everything_else_is_not);
	tcase_add_test(tests, each_number_has_its_bit);
	tcase_add_test(tests, the_largest_number_has_its_bit);
	suite_add_tcase(suite, tests);
	return suite;
}
