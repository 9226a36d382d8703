/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_apart - libseccomp in a process of its own: what it compiles, and how it is stopped. */
#include "seccomp/apart.h"

#include <check.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/err.h"
#include "kernel/interrupt.h"
#include "probe.h"
#include "seccomp/filter.h"

#define OTHER SCMP_ARCH_PPC64LE

/* What libseccomp 2.5.4 does not end with: two rules that begin with the same inequality. */
static const struct seccomp_profile endless = {
	.default_action = SCMP_ACT_ALLOW,
	RULES({ NAMES("kcmp"), .action = SCMP_ACT_TRAP, .origin = "rule",
		ARGUMENTS({ 2, SCMP_CMP_GT, 9, 0 }, { 3, SCMP_CMP_NE, 0x7fffffff, 0 }) },
	      { NAMES("kcmp"), .action = SCMP_ACT_TRAP, .origin = "rule",
		ARGUMENTS({ 2, SCMP_CMP_GT, 9, 0 }, { 4, SCMP_CMP_LT, 0xffffffff, 0 }) }),
};

static bool is_endless(void)
{
	const struct scmp_version *version = seccomp_version();

	return filter_is_possible(OTHER) && version->major == 2 && version->minor == 5 &&
	       version->micro == 4;
}

static int compile_apart(const struct seccomp_profile *profile, int timeout_ms,
			 struct seccomp_program *ret_program)
{
	const struct deadline deadline = deadline_in(timeout_ms);
	_cleanup_calls_ struct calls calls = { 0 };

	ck_assert_int_eq(calls_resolve(profile, OTHER, &calls), 0);
	return apart_compile(profile, &calls, &deadline, ret_program);
}

static void expect(int result, int code, const char *text)
{
	ck_assert_int_eq(result, -code);
	ck_assert_msg(strstr(err_last()->text, text), "%s", err_last()->text);
	err_clear();
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
	ck_assert_int_eq(errno, ECHILD);
}

START_TEST(what_is_compiled_apart_is_the_filter)
{
	const struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("getpid"), .action = SCMP_ACT_ALLOW, .origin = "rule" }),
	};
	struct seccomp_data data = { .nr = 20, .arch = OTHER };
	_cleanup_program_ struct seccomp_program program = { 0 };

	if (!filter_is_possible(OTHER))
		return; /* bytes are the other way round */
	ck_assert_int_eq(compile_apart(&profile, 10000, &program), 0);
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ALLOW);
	data.nr = 21;
	ck_assert_uint_eq(interpret(&program, &data), DENIED);
}
END_TEST

START_TEST(what_libseccomp_refuses_is_told_as_its_words)
{
	const struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("kcmp"), .action = SCMP_ACT_ALLOW, .origin = "rule",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 1, 0 }) },
		      { NAMES("kcmp"), .action = SCMP_ACT_TRAP, .origin = "another",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 1, 0 }) }),
	};
	struct seccomp_program program = { 0 };

	if (filter_is_possible(OTHER))
		expect(compile_apart(&profile, 10000, &program), EINVAL,
		       "another: the rule for kcmp contradicts an earlier one");
}
END_TEST

START_TEST(what_does_not_end_is_stopped_at_the_deadline)
{
	struct seccomp_program program = { 0 };

	if (is_endless())
		expect(compile_apart(&endless, 100, &program), EINVAL,
		       "linux.seccomp: libseccomp takes too long");
}
END_TEST

/* As the kernel kills what takes more time than it may, or the memory of a machine. */
START_TEST(a_killed_libseccomp_is_a_failure)
{
	const struct rlimit second = { 1, 1 };
	struct seccomp_program program = { 0 };

	ck_assert_int_eq(setrlimit(RLIMIT_CPU, &second), 0);
	if (is_endless())
		expect(compile_apart(&endless, 50000, &program), EINVAL,
		       "linux.seccomp: libseccomp was killed by signal 9");
}
END_TEST

START_TEST(a_signal_ends_the_wait)
{
	struct seccomp_program program = { 0 };

	ck_assert_int_eq(interrupt_begin(), 0);
	raise(SIGTERM);
	if (is_endless())
		expect(compile_apart(&endless, 50000, &program), EINTR, "signal 15");
}
END_TEST

Suite *test_seccomp_apart(void);
Suite *test_seccomp_apart(void)
{
	Suite *suite = suite_create("seccomp/apart");
	TCase *tests = tcase_create("apart");

	tcase_set_timeout(tests, 60); /* under valgrind or beside others */
	tcase_add_test(tests, what_is_compiled_apart_is_the_filter);
	tcase_add_test(tests, what_libseccomp_refuses_is_told_as_its_words);
	tcase_add_test(tests, what_does_not_end_is_stopped_at_the_deadline);
	tcase_add_test(tests, a_killed_libseccomp_is_a_failure);
	tcase_add_test(tests, a_signal_ends_the_wait);
	suite_add_tcase(suite, tests);
	return suite;
}
