/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_err - the error record. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "base/err.h"

Suite *test_base_err(void);

static const char *text(void)
{
	static char out[ERR_TEXT_MAX + 128];

	err_text(err_last(), out, sizeof(out));
	return out;
}

START_TEST(a_failure_of_the_system_ends_with_its_reason)
{
	ck_assert_int_eq(err_sys(ENOENT, "open %s", "/x"), -ENOENT);
	ck_assert_str_eq(text(), "open /x: no such file or directory");
	err_clear();
}
END_TEST

START_TEST(a_refusal_needs_no_errno)
{
	ck_assert_int_eq(err_refuse("no %d", 7), -EINVAL);
	ck_assert_str_eq(text(), "no 7");
	err_clear();
}
END_TEST

START_TEST(context_goes_in_front_and_keeps_the_code)
{
	err_sys(EACCES, "open b");
	ck_assert_int_eq(err_while("prepare %s", "a"), -EACCES);
	ck_assert_str_eq(text(), "prepare a: open b: permission denied");
	err_clear();
}
END_TEST

START_TEST(long_texts_are_cut_not_spilled)
{
	char huge[3 * ERR_TEXT_MAX];

	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	err_refuse("%s", huge);
	err_while("%s", huge);
	ck_assert_uint_eq(strlen(err_last()->text), ERR_TEXT_MAX - 1);
	err_clear();
}
END_TEST

START_TEST(what_another_process_recorded_is_adopted_whole)
{
	struct err other;

	err_sys(EPERM, "mount");
	other = *err_last();
	err_clear();
	ck_assert_int_eq(err_adopt(&other), -EPERM);
	ck_assert_str_eq(text(), "mount: operation not permitted");
	err_clear();
	ck_assert_int_eq(err_last()->code, 0);
}
END_TEST

START_TEST(names_begin_small_unless_they_are_names)
{
	ck_assert_str_eq(err_name(EACCES), "permission denied");
	ck_assert_str_eq(err_name(EIO), "input/output error");
	ck_assert_str_eq(err_name(ESRCH), "no such process");
	ck_assert_str_eq(err_name(EL2HLT), "level 2 halted");
	ck_assert_str_eq(err_name(ENOTBLK), "block device required");
	ck_assert_str_eq(err_name(EBADRQC), "invalid request code");
	ck_assert_str_eq(err_name(EADV), "advertise error");
	ck_assert_str_eq(err_name(EREMCHG), "remote address changed");
	ck_assert_str_eq(err_name(ENOCSI), "no CSI structure available");
	ck_assert_str_eq(err_name(ESRMNT), "srmount error");
	ck_assert_str_eq(err_name(EDOTDOT), "RFS specific error");
}
END_TEST

Suite *test_base_err(void)
{
	Suite *suite = suite_create("base/err");
	TCase *tests = tcase_create("err");

	tcase_add_test(tests, a_failure_of_the_system_ends_with_its_reason);
	tcase_add_test(tests, a_refusal_needs_no_errno);
	tcase_add_test(tests, context_goes_in_front_and_keeps_the_code);
	tcase_add_test(tests, long_texts_are_cut_not_spilled);
	tcase_add_test(tests, what_another_process_recorded_is_adopted_whole);
	tcase_add_test(tests, names_begin_small_unless_they_are_names);
	suite_add_tcase(suite, tests);
	return suite;
}
