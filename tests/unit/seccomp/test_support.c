/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_support - what kernel and libseccomp are asked. */
#include "seccomp/support.h"

#include <check.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(what_every_kernel_and_libseccomp_have_is_there)
{
	ck_assert(seccomp_has_flags(0));
	ck_assert(seccomp_has_flags(SECCOMP_FILTER_FLAG_LOG));
	ck_assert(seccomp_has_action(SCMP_ACT_ERRNO(7)));
	ck_assert(seccomp_has_action(SCMP_ACT_ALLOW));
	ck_assert(seccomp_has_action(SCMP_ACT_KILL_PROCESS));
	ck_assert(seccomp_has_architecture(SCMP_ARCH_X86_64));
	ck_assert(seccomp_has_architecture(SCMP_ARCH_S390X)); /* of the other byte order */
}
END_TEST

START_TEST(what_nobody_has_is_not_there)
{
	ck_assert(!seccomp_has_flags(1u << 30));
	ck_assert(!seccomp_has_flags(SECCOMP_FILTER_FLAG_LOG | 1u << 30));
	ck_assert(!seccomp_has_action(0x12340000));
	ck_assert(!seccomp_has_architecture(0x12345678));
}
END_TEST

/* In a child: its seccomp(2) refuses flags with BIT from now on, as an older kernel's does. */
static bool forget_flag(uint32_t bit)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(seccomp), 1,
				SCMP_A1(SCMP_CMP_MASKED_EQ, bit, bit)) == 0 &&
	       seccomp_load(filter) == 0;
}

static bool is_missed(uint32_t flag)
{
	const uint32_t others = SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_NEW_LISTENER;

	return seccomp_has_flags(flag | others) && forget_flag(flag) &&
	       !seccomp_has_flags(flag | others) && !seccomp_has_flags(flag) &&
	       seccomp_has_flags(others);
}

START_TEST(a_flag_that_the_kernel_lacks_is_missed)
{
	int status;
	pid_t pid;

	if (!seccomp_has_flags(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV))
		return; /* 5.19 */
	pid = fork();
	if (pid == 0)
		_exit(is_missed(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV) ? 0 : 1);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(the_version_has_three_numbers)
{
	unsigned major, minor, micro;

	ck_assert_int_eq(sscanf(seccomp_library_version(), "%u.%u.%u", &major, &minor, &micro),
			 3);
	ck_assert_uint_ge(major, 2);
}
END_TEST

Suite *test_seccomp_support(void);
Suite *test_seccomp_support(void)
{
	Suite *suite = suite_create("seccomp/support");
	TCase *tests = tcase_create("support");

	tcase_add_test(tests, what_every_kernel_and_libseccomp_have_is_there);
	tcase_add_test(tests, what_nobody_has_is_not_there);
	tcase_add_test(tests, a_flag_that_the_kernel_lacks_is_missed);
	tcase_add_test(tests, the_version_has_three_numbers);
	suite_add_tcase(suite, tests);
	return suite;
}
