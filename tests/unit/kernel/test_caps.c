/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_caps - capability sets, each test in a process of its own (Check forks). */
#include "kernel/caps.h"

#include <check.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "base/err.h"

#define BIT(capability) (1ULL << (capability))
#define LAST CAP_CHECKPOINT_RESTORE

START_TEST(what_is_set_is_what_is_got)
{
	struct caps before, after;

	ck_assert_int_eq(caps_get(&before), 0);
	ck_assert_uint_eq(before.effective & ~before.permitted, 0);
	ck_assert_int_eq(caps_set(0, before.permitted, before.inheritable), 0);
	ck_assert_int_eq(caps_get(&after), 0);
	ck_assert_uint_eq(after.effective, 0);
	ck_assert_uint_eq(after.permitted, before.permitted);
	ck_assert_int_eq(caps_set(0, 0, 0), 0);
	ck_assert_int_eq(caps_get(&after), 0);
	ck_assert_uint_eq(after.permitted, 0);
}
END_TEST

START_TEST(the_last_one_is_the_kernels_last)
{
	FILE *file = fopen("/proc/sys/kernel/cap_last_cap", "re");
	unsigned last = 0;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%u", &last), 1);
	fclose(file);
	ck_assert_uint_eq(caps_last(), last);
}
END_TEST

START_TEST(what_was_given_up_does_not_come_back)
{
	ck_assert_int_eq(caps_set(0, 0, 0), 0);
	ck_assert_int_eq(caps_set(0, BIT(CAP_CHECKPOINT_RESTORE), 0), -EPERM);
	err_clear();
}
END_TEST

START_TEST(capabilities_above_31_are_in_the_second_word)
{
	struct caps caps;

	ck_assert_int_eq(caps_get(&caps), 0);
	if (!(caps.permitted & BIT(CAP_SYSLOG)))
		return;
	ck_assert_int_eq(caps_set(BIT(CAP_SYSLOG), BIT(CAP_SYSLOG) | BIT(CAP_CHOWN), 0), 0);
	ck_assert_int_eq(caps_get(&caps), 0);
	ck_assert_uint_eq(caps.effective, BIT(CAP_SYSLOG));
	ck_assert_uint_eq(caps.permitted, BIT(CAP_SYSLOG) | BIT(CAP_CHOWN));
}
END_TEST

START_TEST(what_is_kept_stays_in_the_bounding_set)
{
	uint64_t before, after, keep;
	struct caps caps;

	ck_assert_int_eq(caps_get(&caps), 0);
	ck_assert_int_eq(caps_get_bounding(LAST, &before), 0);
	keep = before & ~BIT(CAP_SYS_MODULE);
	if (!(caps.effective & BIT(CAP_SETPCAP)))
		keep = before;
	ck_assert_int_eq(caps_drop_bounding(keep, LAST), 0);
	ck_assert_int_eq(caps_get_bounding(LAST, &after), 0);
	ck_assert_uint_eq(after, keep);
}
END_TEST

START_TEST(dropping_what_is_gone_needs_no_privilege)
{
	uint64_t bounding;

	ck_assert_int_eq(caps_get_bounding(LAST, &bounding), 0);
	ck_assert_int_eq(caps_set(0, 0, 0), 0);
	ck_assert_int_eq(caps_drop_bounding(bounding, LAST), 0);
	if (!bounding)
		return;
	ck_assert_int_eq(caps_drop_bounding(0, LAST), -EPERM);
	err_clear();
}
END_TEST

START_TEST(ambient_is_what_is_permitted_and_inheritable)
{
	uint64_t wanted = BIT(CAP_CHOWN) | BIT(CAP_KILL) | BIT(CAP_SYSLOG);
	struct caps caps;

	ck_assert_int_eq(caps_get(&caps), 0);
	ck_assert_int_eq(caps_set(caps.effective, caps.permitted,
				  caps.permitted & (BIT(CAP_CHOWN) | BIT(CAP_SYSLOG))),
			 0);
	ck_assert_int_eq(caps_set_ambient(wanted), 0);
	for (unsigned capability = 0; capability <= LAST; capability++) {
		int is_ambient = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0);
		bool is_meant = capability == CAP_CHOWN || capability == CAP_SYSLOG;

		ck_assert_int_eq(is_ambient, is_meant && (caps.permitted & BIT(capability)));
	}
	ck_assert_int_eq(caps_set_ambient(0), 0);
	ck_assert_int_eq(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0), 0);
}
END_TEST

START_TEST(keepcaps_can_be_switched)
{
	ck_assert_int_eq(caps_keep(true), 0);
	ck_assert_int_eq(prctl(PR_GET_KEEPCAPS), 1);
	ck_assert_int_eq(caps_keep(false), 0);
	ck_assert_int_eq(prctl(PR_GET_KEEPCAPS), 0);
}
END_TEST

Suite *test_kernel_caps(void);
Suite *test_kernel_caps(void)
{
	Suite *suite = suite_create("kernel/caps");
	TCase *tests = tcase_create("caps");

	tcase_add_test(tests, the_last_one_is_the_kernels_last);
	tcase_add_test(tests, what_is_set_is_what_is_got);
	tcase_add_test(tests, what_was_given_up_does_not_come_back);
	tcase_add_test(tests, capabilities_above_31_are_in_the_second_word);
	tcase_add_test(tests, what_is_kept_stays_in_the_bounding_set);
	tcase_add_test(tests, dropping_what_is_gone_needs_no_privilege);
	tcase_add_test(tests, ambient_is_what_is_permitted_and_inheritable);
	tcase_add_test(tests, keepcaps_can_be_switched);
	suite_add_tcase(suite, tests);
	return suite;
}
