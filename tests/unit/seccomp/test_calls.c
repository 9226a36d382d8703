/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_calls - names of system calls as numbers. */
#include "seccomp/calls.h"

#include <check.h>
#include <seccomp.h>

#include "base/err.h"
#include "probe.h"

START_TEST(each_architecture_has_its_own_numbers)
{
	const struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("read", "no_such_call", "socket", "semop"),
			.action = SCMP_ACT_ALLOW, .origin = "rule" }),
	};
	_cleanup_calls_ struct calls here = { 0 }, there = { 0 };
	uint32_t call = 0;

	ck_assert_int_eq(calls_resolve(&profile, SCMP_ARCH_X86_64, &here), 0);
	ck_assert_uint_eq(here.count, 3);
	ck_assert_int_eq(here.items[0].number, 0);
	ck_assert_int_eq(here.items[1].number, 41);
	ck_assert_int_eq(calls_resolve(&profile, SCMP_ARCH_X86, &there), 0);
	ck_assert_int_eq(there.items[0].number, 3);
	ck_assert_int_eq(calls_multiplexed(there.items[0].number, &call), MULTIPLEXER_NONE);
	ck_assert_int_eq(calls_multiplexed(there.items[1].number, &call),
			 MULTIPLEXER_SOCKETCALL);
	ck_assert_uint_eq(call, 1);
	ck_assert_int_eq(calls_multiplexed(there.items[2].number, &call), MULTIPLEXER_IPC);
	ck_assert_uint_eq(call, 1);
}
END_TEST

START_TEST(conditions_on_one_argument_are_calls_of_their_own)
{
	const struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("read"), .action = SCMP_ACT_ALLOW,
			ARGUMENTS({ 0, SCMP_CMP_EQ, 1, 0 }, { 2, SCMP_CMP_EQ, 2, 0 }) },
		      { NAMES("read"), .action = SCMP_ACT_ALLOW,
			ARGUMENTS({ 0, SCMP_CMP_EQ, 1, 0 }, { 0, SCMP_CMP_EQ, 2, 0 }) }),
	};
	_cleanup_calls_ struct calls calls = { 0 };

	ck_assert_int_eq(calls_resolve(&profile, SCMP_ARCH_X86_64, &calls), 0);
	ck_assert_uint_eq(calls.count, 3);
	ck_assert_uint_eq(calls.items[0].argument_count, 2);
	ck_assert_uint_eq(calls.items[1].argument_count, 1);
	ck_assert_uint_eq(calls.items[2].arguments->value, 2);
}
END_TEST

START_TEST(a_strict_profile_may_repeat_the_default_with_any_name)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		.is_strict = true,
		RULES({ NAMES("no_such_call"), .action = DENIED, .origin = "rule" }),
	};
	_cleanup_calls_ struct calls calls = { 0 };

	ck_assert_int_eq(calls_resolve(&profile, SCMP_ARCH_X86_64, &calls), 0);
	profile.default_action = SCMP_ACT_LOG;
	expect_refusal(&profile, "unknown system call no_such_call");
}
END_TEST

START_TEST(more_calls_than_any_filter_has_are_refused)
{
	static struct seccomp_argument arguments[2000];
	static const char *names[1000];
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ .names = names,
			.name_count = ARRAY_SIZE(names),
			.action = SCMP_ACT_ALLOW,
			.origin = "linux.seccomp.syscalls[0]",
			.arguments = arguments,
			.argument_count = ARRAY_SIZE(arguments) }),
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		names[i] = "read";
	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		arguments[i].comparison = SCMP_CMP_EQ;
	expect_refusal(&profile,
		       "linux.seccomp.syscalls[0]: too many system calls and alternatives");
}
END_TEST

Suite *test_seccomp_calls(void);
Suite *test_seccomp_calls(void)
{
	Suite *suite = suite_create("seccomp/calls");
	TCase *tests = tcase_create("calls");

	tcase_add_test(tests, each_architecture_has_its_own_numbers);
	tcase_add_test(tests, conditions_on_one_argument_are_calls_of_their_own);
	tcase_add_test(tests, a_strict_profile_may_repeat_the_default_with_any_name);
	tcase_add_test(tests, more_calls_than_any_filter_has_are_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
