/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_prologue - who is led where, on architectures that this machine is not. */
#include "seccomp/prologue.h"

#include <check.h>
#include <errno.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "interpreter.h"

#define ABSENT SCMP_ACT_ERRNO(ENOSYS)
#define X32_BIT 0x40000000U

/* The program of part I says SCMP_ACT_TRACE(I), after a load that it depends on. */
static const uint32_t architectures[] = {
	SCMP_ARCH_X86_64,  SCMP_ARCH_X86,      SCMP_ARCH_X32,         SCMP_ARCH_ARM,
	SCMP_ARCH_AARCH64, SCMP_ARCH_MIPS,     SCMP_ARCH_MIPS64,      SCMP_ARCH_MIPS64N32,
	SCMP_ARCH_MIPSEL,  SCMP_ARCH_MIPSEL64, SCMP_ARCH_MIPSEL64N32, SCMP_ARCH_PPC,
	SCMP_ARCH_PPC64,   SCMP_ARCH_PPC64LE,  SCMP_ARCH_S390,        SCMP_ARCH_S390X,
	SCMP_ARCH_PARISC,  SCMP_ARCH_PARISC64, SCMP_ARCH_RISCV64,
};

#define PARTS ARRAY_SIZE(architectures)
#define PART_SIZE 7

static const char *const names[] = { "read", "openat2", "cacheflush", "execve" };

static const struct seccomp_rule rules[] = {
	{ .names = names, .name_count = ARRAY_SIZE(names), .action = SCMP_ACT_ALLOW },
};

static struct sock_filter code[PROLOGUE_MAX + PARTS * PART_SIZE];
static struct filter_part parts[PARTS];
static struct seccomp_program program;

static void build(uint32_t default_action)
{
	struct seccomp_profile profile = {
		.default_action = default_action,
		.rules = rules,
		.rule_count = ARRAY_SIZE(rules),
	};
	struct sock_filter jump = BPF_STMT(BPF_JMP | BPF_JA, PART_SIZE - 2);
	struct prologue prologue;

	for (size_t i = 0; i < PARTS; i++) {
		calls_release(&parts[i].calls);
		ck_assert_int_eq(calls_resolve(&profile, architectures[i], &parts[i].calls), 0);
		parts[i].program.count = PART_SIZE;
	}
	prologue_build(&profile, parts, PARTS, &prologue);
	ck_assert_uint_gt(prologue.count, 0);
	memset(code, 0, sizeof(code));
	memcpy(code, prologue.code, prologue.count * sizeof(*code));
	for (size_t i = 0; i < PARTS; i++) {
		struct sock_filter *part = code + prologue.count + i * PART_SIZE;

		part[0] = jump;
		part[PART_SIZE - 1] =
			(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SCMP_ACT_TRACE(i));
	}
	program = (struct seccomp_program){ code, prologue.count + PARTS * PART_SIZE };
}

static uint32_t answer(uint32_t architecture, int number)
{
	struct seccomp_data data = { .nr = number, .arch = architecture };

	if (architecture == SCMP_ARCH_X32)
		data.arch = SCMP_ARCH_X86_64;
	return interpret(&program, &data);
}

START_TEST(each_architecture_reaches_its_own_program)
{
	uint32_t actions[] = { SCMP_ACT_ERRNO(EPERM), SCMP_ACT_ALLOW };

	build(actions[_i]);
	for (uint32_t i = 0; i < PARTS; i++) {
		int execve = seccomp_syscall_resolve_name_arch(architectures[i], "execve");

		ck_assert_uint_eq(answer(architectures[i], execve), SCMP_ACT_TRACE(i));
	}
	ck_assert_uint_eq(answer(0xdead, 0), SCMP_ACT_KILL);
}
END_TEST

START_TEST(each_architecture_has_its_own_newest)
{
	build(SCMP_ACT_ERRNO(EPERM));
	for (uint32_t i = 0; i < PARTS; i++) {
		int newest = seccomp_syscall_resolve_name_arch(architectures[i], "openat2");

		ck_assert_int_gt(newest, 0);
		ck_assert_uint_eq(answer(architectures[i], newest), SCMP_ACT_TRACE(i));
		ck_assert_uint_eq(answer(architectures[i], newest + 1), ABSENT);
		ck_assert_uint_eq(answer(architectures[i], newest + 30), ABSENT);
	}
}
END_TEST

START_TEST(old_calls_with_high_numbers_are_left_to_the_profile)
{
	build(SCMP_ACT_ERRNO(EPERM));
	ck_assert_uint_eq(answer(SCMP_ARCH_X32, (int)X32_BIT + 511), ABSENT);
	ck_assert_uint_eq(answer(SCMP_ARCH_X32, (int)X32_BIT + 512), SCMP_ACT_TRACE(2));
	ck_assert_uint_eq(answer(SCMP_ARCH_X32, (int)X32_BIT + 547), SCMP_ACT_TRACE(2));
	ck_assert_uint_eq(answer(SCMP_ARCH_X32, (int)X32_BIT + 548), ABSENT);
	ck_assert_uint_eq(answer(SCMP_ARCH_ARM, 0x0f0005), SCMP_ACT_TRACE(3));
	ck_assert_uint_eq(answer(SCMP_ARCH_ARM, 0x0effff), ABSENT);
	ck_assert_uint_eq(answer(SCMP_ARCH_ARM, 0x100000), ABSENT);
}
END_TEST

START_TEST(what_s390_does_not_know_is_absent)
{
	build(SCMP_ACT_ERRNO(EPERM));
	ck_assert_uint_eq(answer(SCMP_ARCH_S390, 0), ABSENT);
	ck_assert_uint_eq(answer(SCMP_ARCH_S390X, 0), ABSENT);
	build(SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer(SCMP_ARCH_S390X, 0), SCMP_ACT_TRACE(15));
}
END_TEST

START_TEST(sockets_are_not_newer_than_a_profile_that_names_them)
{
	const char *old[] = { "read", "socket" };
	struct seccomp_rule rule = { .names = old, .name_count = 2, .action = SCMP_ACT_ALLOW };
	struct seccomp_profile profile = { .default_action = SCMP_ACT_ERRNO(EPERM),
					   .rules = &rule,
					   .rule_count = 1 };
	struct filter_part part = { .program = { NULL, 1 } };
	struct prologue prologue;

	ck_assert_int_eq(calls_resolve(&profile, SCMP_ARCH_X86, &part.calls), 0);
	prologue_build(&profile, &part, 1, &prologue);
	memcpy(code, prologue.code, prologue.count * sizeof(*code));
	code[prologue.count] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SCMP_ACT_LOG);
	program = (struct seccomp_program){ code, prologue.count + 1 };
	ck_assert_uint_eq(answer(SCMP_ARCH_X86, 359), SCMP_ACT_LOG);
	ck_assert_uint_eq(answer(SCMP_ARCH_X86, 403), ABSENT);
	calls_release(&part.calls);
}
END_TEST

/* The program needs not load the number nor look at the architecture. */
START_TEST(one_program_that_hides_nothing_is_entered_with_the_number)
{
	struct seccomp_profile profile = { .default_action = SCMP_ACT_ALLOW };
	struct filter_part part = { .calls = { SCMP_ARCH_AARCH64, NULL, 0 },
				    .program = { NULL, 3 } };
	static const struct sock_filter is_seven[] = {
		BPF_JUMP(BPF_JMP | BPF_JEQ, 7, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SCMP_ACT_LOG),
		BPF_STMT(BPF_RET | BPF_K, SCMP_ACT_TRAP),
	};
	struct prologue prologue;

	prologue_build(&profile, &part, 1, &prologue);
	memcpy(code, prologue.code, prologue.count * sizeof(*code));
	memcpy(code + prologue.count, is_seven, sizeof(is_seven));
	program = (struct seccomp_program){ code, prologue.count + 3 };
	ck_assert_uint_eq(answer(SCMP_ARCH_AARCH64, 7), SCMP_ACT_LOG);
	ck_assert_uint_eq(answer(SCMP_ARCH_AARCH64, 5000), SCMP_ACT_TRAP);
	ck_assert_uint_eq(answer(SCMP_ARCH_ARM, 7), SCMP_ACT_KILL);
}
END_TEST

Suite *test_seccomp_prologue(void);
Suite *test_seccomp_prologue(void)
{
	Suite *suite = suite_create("seccomp/prologue");
	TCase *tests = tcase_create("prologue");

	tcase_add_loop_test(tests, each_architecture_reaches_its_own_program, 0, 2);
	tcase_add_test(tests, each_architecture_has_its_own_newest);
	tcase_add_test(tests, old_calls_with_high_numbers_are_left_to_the_profile);
	tcase_add_test(tests, what_s390_does_not_know_is_absent);
	tcase_add_test(tests, sockets_are_not_newer_than_a_profile_that_names_them);
	tcase_add_test(tests, one_program_that_hides_nothing_is_entered_with_the_number);
	suite_add_tcase(suite, tests);
	return suite;
}
