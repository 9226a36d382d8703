/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_weight - cgroup v1's numbers as cgroup v2's. */
#include <check.h>
#include <math.h>

#include "plan/weight.h"

START_TEST(the_defaults_of_both_versions_meet)
{
	ck_assert_uint_eq(weight_of_shares(1024), 100);
}
END_TEST

START_TEST(the_ends_of_both_ranges_meet)
{
	ck_assert_uint_eq(weight_of_shares(1), 1);
	ck_assert_uint_eq(weight_of_shares(2), 1);
	ck_assert_uint_eq(weight_of_shares(262144), 10000);
	ck_assert_uint_eq(weight_of_shares(UINT64_MAX), 10000);
}
END_TEST

START_TEST(two_thousand_shares_are_170)
{
	ck_assert_uint_eq(weight_of_shares(2000), 170);
}
END_TEST

/* ceil(10^((l^2 + 125 l) / 612 - 7/34)), l = log2(shares), as runc and crun have it */
START_TEST(every_weight_is_what_the_formula_says)
{
	for (uint64_t shares = 3; shares < 262144; shares++) {
		double l = log2((double)shares);
		double exact = pow(10, (l * l + 125 * l) / 612 - 7.0 / 34);
		uint64_t expected = shares == 1024 ? 100 : (uint64_t)ceil(exact);

		if (weight_of_shares(shares) != expected)
			ck_abort_msg("%llu shares", (unsigned long long)shares);
	}
}
END_TEST

START_TEST(weights_of_block_io_are_linear)
{
	ck_assert_uint_eq(weight_of_blkio(10), 1);
	ck_assert_uint_eq(weight_of_blkio(500), 4950);
	ck_assert_uint_eq(weight_of_blkio(1000), 10000);
}
END_TEST

Suite *test_plan_weight(void);
Suite *test_plan_weight(void)
{
	Suite *suite = suite_create("plan/weight");
	TCase *tests = tcase_create("weight");

	tcase_add_test(tests, the_defaults_of_both_versions_meet);
	tcase_add_test(tests, the_ends_of_both_ranges_meet);
	tcase_add_test(tests, two_thousand_shares_are_170);
	tcase_add_test(tests, every_weight_is_what_the_formula_says);
	tcase_add_test(tests, weights_of_block_io_are_linear);
	suite_add_tcase(suite, tests);
	return suite;
}
