/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ps - the lines of ps(1) that are about a container. */
#include <check.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "container/ps.h"
#include "fixture.h"

Suite *test_container_ps(void);

static int filter(const char *text, const pid_t *pids, size_t count, struct buf *out)
{
	_cleanup_free_ char *copy = xstrdup(text);

	return ps_filter(copy, pids, count, out);
}

START_TEST(the_heading_and_the_lines_of_the_pids_remain)
{
	static const pid_t pids[] = { 12, 700 };
	_cleanup_buf_ struct buf out = { 0 };

	ck_assert_int_eq(filter("UID          PID    PPID CMD\n"
				"root           1       0 12\n"
				"root          12       1 a b\n"
				"root         112       1 c\n"
				"root         700      12 d\n",
				pids, 2, &out),
			 0);
	ck_assert_str_eq(buf_text(&out), "UID          PID    PPID CMD\n"
					 "root          12       1 a b\n"
					 "root         700      12 d\n");
}
END_TEST

START_TEST(the_column_may_be_the_first_or_the_last)
{
	static const pid_t pids[] = { 5 };
	_cleanup_buf_ struct buf out = { 0 };

	ck_assert_int_eq(filter("  PID CMD\n    5 x\n    6 y\n", pids, 1, &out), 0);
	ck_assert_str_eq(buf_text(&out), "  PID CMD\n    5 x\n");
	buf_release(&out);
	out = (struct buf){ 0 };
	ck_assert_int_eq(filter("CMD PID\nx 5\ny 6", pids, 1, &out), 0);
	ck_assert_str_eq(buf_text(&out), "CMD PID\nx 5\n");
}
END_TEST

START_TEST(without_processes_the_heading_remains)
{
	_cleanup_buf_ struct buf out = { 0 };

	ck_assert_int_eq(filter("PID\n1\n", NULL, 0, &out), 0);
	ck_assert_str_eq(buf_text(&out), "PID\n");
}
END_TEST

START_TEST(output_without_pids_is_refused)
{
	_cleanup_buf_ struct buf out = { 0 };

	expect_refused(filter("PPID CMD\n1 x\n", NULL, 0, &out),
		       "couldn't find PID field in ps output");
	expect_refused(filter("", NULL, 0, &out), "couldn't find PID field in ps output");
	expect_refused(filter("CMD PID\nx\n", NULL, 0, &out), "unable to parse pid");
	expect_refused(filter("PID\nx\n", NULL, 0, &out), "unable to parse pid");
	expect_refused(filter("PID\n99999999999999999999\n", NULL, 0, &out),
		       "unable to parse pid");
}
END_TEST

Suite *test_container_ps(void)
{
	Suite *suite = suite_create("container/ps");
	TCase *tests = tcase_create("ps");

	tcase_add_test(tests, the_heading_and_the_lines_of_the_pids_remain);
	tcase_add_test(tests, the_column_may_be_the_first_or_the_last);
	tcase_add_test(tests, without_processes_the_heading_remains);
	tcase_add_test(tests, output_without_pids_is_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
