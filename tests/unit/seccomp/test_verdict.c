/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_verdict - what a filter says beforehand is what it does. */
#include "seccomp/verdict.h"

#include <check.h>
#include <linux/filter.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/fd.h"
#include "interpreter.h"

static struct seccomp_program program;

static void tear_down(void)
{
	free(program.instructions);
	program = (struct seccomp_program){ 0 };
	err_clear();
}

static void compile(uint32_t default_action, const struct seccomp_rule *rules, size_t count)
{
	struct seccomp_profile profile = {
		.default_action = default_action,
		.rules = rules,
		.rule_count = count,
	};

	ck_assert_int_eq(seccomp_compile(&profile, &program), 0);
}

static bool passes(int number, uint64_t argument)
{
	const struct seccomp_question question = { .number = number,
						   .arguments = { argument } };

	return seccomp_lets_through(&program, &question);
}

START_TEST(what_is_named_is_refused_and_the_rest_is_not)
{
	static const char *const names[] = { "setsid" };
	const struct seccomp_rule rule = { .names = names,
					   .name_count = 1,
					   .action = SCMP_ACT_ERRNO(1) };

	compile(SCMP_ACT_ALLOW, &rule, 1);
	ck_assert(!passes(SYS_setsid, 0));
	ck_assert(passes(SYS_clone, 0));
}
END_TEST

START_TEST(arguments_count)
{
	static const char *const names[] = { "clone" };
	/* As Docker's profile has it: no new namespaces. */
	static const struct seccomp_argument argument = { .index = 0,
							  .comparison = SCMP_CMP_MASKED_EQ,
							  .value = 0x7e020000 };
	const struct seccomp_rule rule = {
		.names = names,
		.name_count = 1,
		.action = SCMP_ACT_ALLOW,
		.arguments = &argument,
		.argument_count = 1,
	};

	compile(SCMP_ACT_ERRNO(1), &rule, 1);
	ck_assert(passes(SYS_clone, CLONE_PARENT | CLONE_PARENT_SETTID));
	ck_assert(!passes(SYS_clone, CLONE_NEWUSER));
	ck_assert(!passes(SYS_setsid, 0));
}
END_TEST

START_TEST(what_is_logged_passes_and_what_is_killed_does_not)
{
	compile(SCMP_ACT_LOG, NULL, 0);
	ck_assert(passes(SYS_setsid, 0));
	tear_down();
	compile(SCMP_ACT_KILL_PROCESS, NULL, 0);
	ck_assert(!passes(SYS_setsid, 0));
}
END_TEST

/* Two interpreters, written by themselves, for all system calls of a list. */
START_TEST(it_says_what_another_interpreter_says)
{
	static const char *const names[] = { "read", "openat", "clone", "ptrace", "kcmp" };
	const struct seccomp_rule rule = { .names = names,
					   .name_count = ARRAY_SIZE(names),
					   .action = SCMP_ACT_ALLOW };

	compile(SCMP_ACT_ERRNO(1), &rule, 1);
	for (int number = 0; number < 500; number++) {
		struct seccomp_data data = { .nr = number, .arch = seccomp_arch_native() };

		ck_assert_int_eq(passes(number, 0),
				 interpret(&program, &data) == SECCOMP_RET_ALLOW);
	}
}
END_TEST

START_TEST(a_program_that_runs_off_its_end_lets_nothing_through)
{
	static struct sock_filter code[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0) };
	const struct seccomp_program broken = { code, 1 };
	const struct seccomp_question question = { .number = SYS_setsid };

	ck_assert(!seccomp_lets_through(&broken, &question));
}
END_TEST

Suite *test_seccomp_verdict(void);
Suite *test_seccomp_verdict(void)
{
	Suite *suite = suite_create("seccomp/verdict");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, NULL, tear_down);
	tcase_add_test(all, what_is_named_is_refused_and_the_rest_is_not);
	tcase_add_test(all, arguments_count);
	tcase_add_test(all, what_is_logged_passes_and_what_is_killed_does_not);
	tcase_add_test(all, it_says_what_another_interpreter_says);
	tcase_add_test(all, a_program_that_runs_off_its_end_lets_nothing_through);
	suite_add_tcase(suite, all);
	return suite;
}
