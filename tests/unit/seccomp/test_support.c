/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_support - the lists that `features` shows. */
#include "seccomp/support.h"

#include <check.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool contains(const char *const *list, const char *word)
{
	for (; *list; list++)
		if (strcmp(*list, word) == 0)
			return true;
	return false;
}

START_TEST(what_every_kernel_has_is_listed)
{
	struct seccomp_support support;

	seccomp_support_probe(&support);
	ck_assert(contains(support.actions, "SCMP_ACT_ERRNO"));
	ck_assert(contains(support.actions, "SCMP_ACT_ALLOW"));
	ck_assert(contains(support.operators, "SCMP_CMP_MASKED_EQ"));
	ck_assert(contains(support.architectures, "SCMP_ARCH_X86_64"));
	ck_assert(contains(support.architectures, "SCMP_ARCH_AARCH64"));
	ck_assert(contains(support.known_flags, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"));
	ck_assert(contains(support.supported_flags, "SECCOMP_FILTER_FLAG_LOG"));
}
END_TEST

START_TEST(supported_flags_are_known_flags)
{
	struct seccomp_support support;

	seccomp_support_probe(&support);
	for (const char *const *flag = support.supported_flags; *flag; flag++)
		ck_assert(contains(support.known_flags, *flag));
	ck_assert(seccomp_supported_flags() & SECCOMP_FILTER_FLAG_LOG);
	ck_assert(!(seccomp_supported_flags() & SECCOMP_FILTER_FLAG_NEW_LISTENER));
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

static bool is_named(uint32_t flag, const char *name)
{
	const uint32_t others = SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_NEW_LISTENER;
	const char *found;

	if (seccomp_unsupported_flag(flag | others) || !forget_flag(flag))
		return false;
	found = seccomp_unsupported_flag(flag | others);
	return found && strcmp(found, name) == 0 && !seccomp_unsupported_flag(others);
}

START_TEST(a_flag_that_the_kernel_lacks_is_named)
{
	int status;
	pid_t pid;

	if (!(seccomp_supported_flags() & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV))
		return; /* it names it already */
	pid = fork();
	if (pid == 0)
		_exit(is_named(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
			       "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")
			      ? 0
			      : 1);
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

	tcase_add_test(tests, what_every_kernel_has_is_listed);
	tcase_add_test(tests, supported_flags_are_known_flags);
	tcase_add_test(tests, a_flag_that_the_kernel_lacks_is_named);
	tcase_add_test(tests, the_version_has_three_numbers);
	suite_add_tcase(suite, tests);
	return suite;
}
