/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_support - the lists that `features` shows. */
#include "seccomp/support.h"

#include <check.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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
	tcase_add_test(tests, the_version_has_three_numbers);
	suite_add_tcase(suite, tests);
	return suite;
}
