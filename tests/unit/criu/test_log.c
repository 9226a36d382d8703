/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_log - why CRIU failed, out of its log. */
#include "criu/log.h"

#include <check.h>

Suite *test_criu_log(void);

static void expect(const char *log, const char *text)
{
	struct buf out = { 0 };

	log_errors(log, &out);
	ck_assert_str_eq(buf_text(&out), text);
	buf_release(&out);
}

START_TEST(errors_come_without_their_time)
{
	expect("(00.01) Warn  (a.c:1): hm\n(00.02) Error (b.c:2): no such thing\n",
	       "Error (b.c:2): no such thing");
}
END_TEST

START_TEST(the_last_three_are_told)
{
	expect("Error (1\nError (2\nError (3\nError (4\nError (5",
	       "Error (3; Error (4; Error (5");
}
END_TEST

START_TEST(that_it_failed_is_no_reason)
{
	expect("Error (a.c:1): why\nError (b.c:2): Dumping FAILED.\n"
	       "Error (c.c:3): rlimit: Can't setup RLIMIT_NOFILE for self\n",
	       "Error (a.c:1): why");
}
END_TEST

START_TEST(nothing_is_found_in_nothing)
{
	expect("", "");
	expect("all went well\n\n", "");
}
END_TEST

Suite *test_criu_log(void)
{
	Suite *suite = suite_create("criu/log");
	TCase *tests = tcase_create("log");

	tcase_add_test(tests, errors_come_without_their_time);
	tcase_add_test(tests, the_last_three_are_told);
	tcase_add_test(tests, that_it_failed_is_no_reason);
	tcase_add_test(tests, nothing_is_found_in_nothing);
	suite_add_tcase(suite, tests);
	return suite;
}
