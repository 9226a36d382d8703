/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_search - what is compiled here says what libseccomp's program says. */
#include "seccomp/search.h"

#include <check.h>
#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anyprofile.h"
#include "base/err.h"
#include "difference.h"
#include "probe.h"

static const char *describe(const struct difference *difference)
{
	static char text[400];

	snprintf(
		text, sizeof(text),
		"%#x: number %d (%#llx, %#llx, %#llx, %#llx, %#llx, %#llx): %#x, by libseccomp "
		"%#x, by the manual %#x",
		difference->architecture, difference->question.nr, difference->question.args[0],
		difference->question.args[1], difference->question.args[2],
		difference->question.args[3], difference->question.args[4],
		difference->question.args[5], difference->by_search, difference->by_library,
		difference->by_manual);
	return text;
}

static struct comparison expect_alike(const struct seccomp_profile *profile, uint64_t seed)
{
	struct comparison comparison = { 0 };
	struct difference difference;

	for (size_t i = 0; i < COMPARED_ARCHITECTURES; i++)
		ck_assert_msg(compare_compilers(profile, compared_architectures[i], seed,
						&comparison, &difference),
			      "seed %llu: %s", (unsigned long long)seed, describe(&difference));
	return comparison;
}

/* As engines write them: long lists without conditions and a few rules with. */
START_TEST(a_profile_like_those_of_engines_is_alike)
{
	static const char *names[1000];
	size_t count = 0;

	for (int number = 0; number <= 460; number++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

		if (name && number % 7 && number % 11)
			names[count++] = name;
		else
			free(name);
	}
	const char *const pc[] = { "send", "recv", "accept", "semop", "mmap2", "waitpid" };
	memcpy(&names[count], pc, sizeof(pc));
	count += ARRAY_SIZE(pc);
	const struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ .names = names, .name_count = count, .action = SCMP_ACT_ALLOW },
		      { NAMES("process_vm_readv", "ptrace"), .action = SCMP_ACT_ALLOW },
		      { NAMES("socket"), .action = SCMP_ACT_ALLOW,
			ARGUMENTS({ 0, SCMP_CMP_NE, 40, 0 }) },
		      { NAMES("personality"), .action = SCMP_ACT_ALLOW,
			ARGUMENTS({ 0, SCMP_CMP_EQ, 0, 0 }, { 0, SCMP_CMP_EQ, 8, 0 },
				  { 0, SCMP_CMP_EQ, 0x20000, 0 },
				  { 0, SCMP_CMP_EQ, 0xffffffff, 0 }) },
		      { NAMES("clone"), .action = SCMP_ACT_ALLOW,
			ARGUMENTS({ 0, SCMP_CMP_MASKED_EQ, 0x7e020000, 0 }) },
		      { NAMES("clone3"), .action = ABSENT }),
	};
	struct comparison comparison = expect_alike(&profile, 1);

	ck_assert_uint_eq(comparison.declined, 0);
	for (size_t i = 0; i < count - ARRAY_SIZE(pc); i++)
		free((char *)names[i]);
}
END_TEST

#define PROFILES 8

/* As many bytes as the longest profile takes, by a generator that is the same everywhere. */
START_TEST(any_profile_is_alike)
{
	static struct any_profile any;
	uint8_t bytes[3000];
	uint64_t random = (uint64_t)_i + 1;
	unsigned compared = 0;

	for (unsigned turn = 0; turn < PROFILES; turn++) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			random = random * 6364136223846793005U + 1442695040888963407U;
			bytes[i] = (uint8_t)(random >> 56);
		}
		any_profile_make(bytes, sizeof(bytes), &any);
		compared += expect_alike(&any.profile, random).compared;
	}
	ck_assert_uint_ge(compared, PROFILES);
}
END_TEST

/* What two rules say to lseek(VALUE, 2). */
static uint32_t say(const struct seccomp_argument *one, uint32_t by_one,
		    const struct seccomp_argument *other, uint32_t by_other, uint64_t value)
{
	const struct seccomp_profile profile = {
		.default_action = SCMP_ACT_KILL,
		RULES(RECENT,
		      { NAMES("lseek"), .action = by_one, .origin = "one", .arguments = one,
			.argument_count = 1 },
		      { NAMES("lseek"), .action = by_other, .origin = "other",
			.arguments = other, .argument_count = 1 }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	return answer_to(&program, "lseek", value, 2);
}

/* What VALUE gets by two rules, in whichever order they are. */
static void expect(const struct seccomp_argument *one, uint32_t by_one,
		   const struct seccomp_argument *other, uint32_t by_other, uint64_t value,
		   uint32_t action)
{
	ck_assert_uint_eq(say(one, by_one, other, by_other, value), action);
	ck_assert_uint_eq(say(other, by_other, one, by_one, value), action);
}

/* From the strictest on: seccomp(2). */
START_TEST(the_strictest_rule_that_fits_counts)
{
	static const uint32_t actions[] = {
		SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP, SCMP_ACT_ERRNO(7),
		SCMP_ACT_NOTIFY,       SCMP_ACT_TRACE(5),    SCMP_ACT_LOG,  SCMP_ACT_ALLOW,
	};
	const struct seccomp_argument odd = { 0, SCMP_CMP_MASKED_EQ, 1, 1 };
	const struct seccomp_argument two = { 1, SCMP_CMP_EQ, 2, 0 };

	for (size_t i = 1; i < ARRAY_SIZE(actions); i++) {
		if (actions[i] == SCMP_ACT_KILL || actions[i - 1] == SCMP_ACT_KILL)
			continue; /* the default */
		expect(&odd, actions[i], &two, actions[i - 1], 3, actions[i - 1]);
		expect(&odd, actions[i - 1], &two, actions[i], 3, actions[i - 1]);
		expect(&odd, actions[i - 1], &two, actions[i], 4, actions[i]);
	}
}
END_TEST

/* As libseccomp has it in whatever order. */
START_TEST(an_exception_counts_before_the_rule)
{
	const uint32_t yes = SCMP_ACT_ALLOW, no = SCMP_ACT_ERRNO(7);
	/* clang-format off */
	const struct {
		struct seccomp_argument exception, rule;
		uint64_t both; /* what fits both of them */
		bool counts;
	} cases[] = {
		{ { 0, SCMP_CMP_EQ, 3, 0 },           { 0, SCMP_CMP_GE, 0, 0 },            3,           true },
		{ { 0, SCMP_CMP_EQ, 3, 0 },           { 0, SCMP_CMP_LT, 1ULL << 33, 0 },   3,           true },
		{ { 0, SCMP_CMP_EQ, 1ULL << 32, 0 },  { 0, SCMP_CMP_GT, 3, 0 },            1ULL << 32,  true },
		{ { 0, SCMP_CMP_LE, 3, 0 },           { 0, SCMP_CMP_LE, 5, 0 },            3,           true },
		{ { 0, SCMP_CMP_LT, 4, 0 },           { 0, SCMP_CMP_LE, 5, 0 },            3,           true },
		{ { 0, SCMP_CMP_GT, 4, 0 },           { 0, SCMP_CMP_GE, 3, 0 },            5,           true },
		{ { 0, SCMP_CMP_GE, UINT64_MAX, 0 },  { 0, SCMP_CMP_GT, 3, 0 },            UINT64_MAX,  true },
		/* the same values in other words */
		{ { 0, SCMP_CMP_LT, 4, 0 },           { 0, SCMP_CMP_LE, 3, 0 },            3,           false },
		{ { 0, SCMP_CMP_EQ, 0, 0 },           { 0, SCMP_CMP_LE, 0, 0 },            0,           false },
		/* libseccomp: by the greater value, by the order of rules, by the kind of inequality */
		{ { 0, SCMP_CMP_EQ, 3, 0 },           { 0, SCMP_CMP_NE, 1, 0 },            3,           false },
		{ { 0, SCMP_CMP_EQ, 0x103, 0 },       { 0, SCMP_CMP_MASKED_EQ, 0xff, 3 },  0x103,       false },
		{ { 0, SCMP_CMP_MASKED_EQ, 7, 3 },    { 0, SCMP_CMP_GE, 0, 0 },            3,           false },
		{ { 0, SCMP_CMP_LE, 5, 0 },           { 0, SCMP_CMP_GE, 3, 0 },            4,           false },
		{ { 1, SCMP_CMP_EQ, 2, 0 },           { 0, SCMP_CMP_GE, 0, 0 },            4,           false },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		expect(&cases[i].exception, yes, &cases[i].rule, no, cases[i].both,
		       cases[i].counts ? yes : no);
		expect(&cases[i].exception, no, &cases[i].rule, yes, cases[i].both, no);
	}
}
END_TEST

/* A test of libseccomp's own: 43-sim-a2_order. */
START_TEST(of_several_errors_the_narrower_rule_has_the_word)
{
	const struct seccomp_argument more = { 0, SCMP_CMP_GT, 128, 0 };
	const struct seccomp_argument most = { 0, SCMP_CMP_GT, 256, 0 };
	const struct seccomp_argument odd = { 0, SCMP_CMP_MASKED_EQ, 1, 1 };
	const struct seccomp_argument even = { 0, SCMP_CMP_MASKED_EQ, 2, 2 };

	expect(&more, SCMP_ACT_ERRNO(5), &most, SCMP_ACT_ERRNO(6), 256, SCMP_ACT_ERRNO(5));
	expect(&more, SCMP_ACT_ERRNO(5), &most, SCMP_ACT_ERRNO(6), 257, SCMP_ACT_ERRNO(6));
	ck_assert_uint_eq(say(&odd, SCMP_ACT_ERRNO(5), &even, SCMP_ACT_ERRNO(6), 3),
			  SCMP_ACT_ERRNO(5));
	ck_assert_uint_eq(say(&even, SCMP_ACT_ERRNO(6), &odd, SCMP_ACT_ERRNO(5), 3),
			  SCMP_ACT_ERRNO(6));
}
END_TEST

/* ERRNO counts before LOG, TRAP before ERRNO; LOG is an exception from TRAP. */
START_TEST(an_exception_does_not_count_before_a_third_rule)
{
	const struct seccomp_profile profile = {
		.default_action = SCMP_ACT_KILL,
		RULES(RECENT,
		      { NAMES("lseek"), .action = SCMP_ACT_LOG, .origin = "rule",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 3, 0 }) },
		      { NAMES("lseek"), .action = SCMP_ACT_TRAP, .origin = "rule",
			ARGUMENTS({ 0, SCMP_CMP_GE, 2, 0 }) },
		      { NAMES("lseek"), .action = SCMP_ACT_ERRNO(7), .origin = "rule",
			ARGUMENTS({ 1, SCMP_CMP_EQ, 9, 0 }) }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer_to(&program, "lseek", 3, 0), SCMP_ACT_LOG);
	ck_assert_uint_eq(answer_to(&program, "lseek", 3, 9), SCMP_ACT_ERRNO(7));
	ck_assert_uint_eq(answer_to(&program, "lseek", 4, 9), SCMP_ACT_TRAP);
	ck_assert_uint_eq(answer_to(&program, "lseek", 1, 9), SCMP_ACT_ERRNO(7));
	ck_assert_uint_eq(answer_to(&program, "lseek", 1, 0), SCMP_ACT_KILL);
}
END_TEST

/* The first, and a mask that is empty is no condition. */
START_TEST(a_rule_without_conditions_counts_alone)
{
	const struct seccomp_profile profile = {
		.default_action = SCMP_ACT_KILL,
		RULES(RECENT,
		      { NAMES("lseek", "kcmp"), .action = SCMP_ACT_ERRNO(7), .origin = "rule",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 3, 0 }) },
		      { NAMES("lseek"), .action = SCMP_ACT_ALLOW, .origin = "rule",
			ARGUMENTS({ 0, SCMP_CMP_MASKED_EQ, 0, 5 }) },
		      { NAMES("kcmp"), .action = SCMP_ACT_LOG, .origin = "rule" },
		      { NAMES("lseek", "kcmp"), .action = SCMP_ACT_TRAP, .origin = "rule" }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer_to(&program, "lseek", 3, 0), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "lseek", 4, 0), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "kcmp", 3, 0), SCMP_ACT_LOG);
}
END_TEST

/* Podman's, but for the rule about socketcall(2). */
static const struct seccomp_profile no_audit = {
	.default_action = DENIED,
	ARCHITECTURES(SCMP_ARCH_X86_64, SCMP_ARCH_X86),
	RULES(RECENT,
	      { NAMES("socket"), .action = SCMP_ACT_ERRNO(EINVAL), .origin = "rule",
		ARGUMENTS({ 0, SCMP_CMP_EQ, 16, 0 }, { 2, SCMP_CMP_EQ, 9, 0 }) },
	      { NAMES("socket"), .action = SCMP_ACT_ALLOW, .origin = "rule",
		ARGUMENTS({ 2, SCMP_CMP_NE, 9, 0 }) },
	      { NAMES("socket"), .action = SCMP_ACT_ALLOW, .origin = "rule",
		ARGUMENTS({ 0, SCMP_CMP_NE, 16, 0 }) }),
};

/* libseccomp refuses this one for a PC of 32 bits. */
START_TEST(what_socketcall_hides_is_strict)
{
	struct seccomp_data data = { .nr = 359, .arch = SCMP_ARCH_X86, .args = { 16, 3, 9 } };
	_cleanup_program_ struct seccomp_program program = { 0 };

	if (!search_is_possible(SCMP_ARCH_X86) || seccomp_arch_native() != SCMP_ARCH_X86_64)
		return;
	program = compile(&no_audit);
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ERRNO(EINVAL));
	data.args[0] = 1;
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ALLOW);
	data.nr = 102;
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ERRNO(EINVAL));
	data.args[0] = 2; /* SYS_BIND */
	ck_assert_uint_eq(interpret(&program, &data), DENIED);
}
END_TEST

/* Of 64 bits, as in the kernel; of 32, where greater values are never reached. */
START_TEST(values_are_not_cut)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		ARCHITECTURES(SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32),
		RULES(RECENT,
		      { NAMES("lseek"), .action = SCMP_ACT_ALLOW, .origin = "rule",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 0x100000003, 0 },
				  { 0, SCMP_CMP_EQ, UINT64_MAX, 0 },
				  { 0, SCMP_CMP_MASKED_EQ, 7ULL << 32, 7ULL << 32 }) },
		      { NAMES("read"), .action = SCMP_ACT_ALLOW, .origin = "rule",
			ARGUMENTS({ 1, SCMP_CMP_LT, 0x100000003, 0 }) }),
	};
	struct seccomp_data data = { .nr = 19, .arch = SCMP_ARCH_X86, .args = { 3 } };
	_cleanup_program_ struct seccomp_program program = { 0 };

	if (seccomp_arch_native() != SCMP_ARCH_X86_64)
		return;
	program = compile(&profile);
	ck_assert_uint_eq(interpret(&program, &data), DENIED);
	data.args[0] = UINT32_MAX; /* -1 */
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ALLOW);
	data = (struct seccomp_data){ .nr = 3, .arch = SCMP_ARCH_X86, .args = { 0, 4 } };
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ALLOW);
	data = (struct seccomp_data){ .nr = 0x40000008,
				      .arch = SCMP_ARCH_X86_64,
				      .args = { 0x100000003 } };
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ALLOW);
	data.args[0] = 3;
	ck_assert_uint_eq(interpret(&program, &data), DENIED);
}
END_TEST

START_TEST(what_no_kernel_has_is_refused)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("read"), .action = SCMP_ACT_ERRNO(4095), .origin = "the rule" }),
	};

	expect_refusal(&profile, "the rule: no kernel has action 0x50fff");
	profile.default_action = 0x12340000;
	expect_refusal(&profile,
		       "linux.seccomp.defaultAction: no kernel has action 0x12340000");
}
END_TEST

/* Conditions of hundreds of rules are farther away than a conditional jump reaches. */
START_TEST(what_is_far_is_reached)
{
	static struct seccomp_argument arguments[400];
	const struct seccomp_rule rule = { NAMES("lseek", "read"), .action = SCMP_ACT_ALLOW,
					   .origin = "rule", .arguments = arguments,
					   .argument_count = ARRAY_SIZE(arguments) };
	const struct seccomp_profile profile = { .default_action = SCMP_ACT_LOG,
						 .rules = &rule,
						 .rule_count = 1 };

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		arguments[i] =
			(struct seccomp_argument){ 1, SCMP_CMP_EQ, i % 2 << 32 | i * 3, 0 };
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	ck_assert_uint_gt(program.count, 1000);
	for (size_t i = 0; i < ARRAY_SIZE(arguments) * 3; i++)
		ck_assert_uint_eq(answer_to(&program, "lseek", 0, i / 3 % 2 << 32 | i),
				  i % 3 ? SCMP_ACT_LOG : SCMP_ACT_ALLOW);
}
END_TEST

/* An instruction for each, and those to load it once. */
START_TEST(equations_with_the_same_high_word_load_it_once)
{
	static struct seccomp_argument arguments[2000];
	const struct seccomp_profile profile = {
		.default_action = SCMP_ACT_LOG,
		RULES({ NAMES("lseek"), .action = SCMP_ACT_ALLOW, .origin = "lseek",
			.arguments = arguments, .argument_count = ARRAY_SIZE(arguments) }),
	};

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		arguments[i] =
			(struct seccomp_argument){ 1, SCMP_CMP_EQ, 7ULL << 32 | i * 3, 0 };
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	ck_assert_uint_lt(program.count, 2100);
	for (size_t i = 0; i < ARRAY_SIZE(arguments) * 3; i++)
		ck_assert_uint_eq(answer_to(&program, "lseek", 0, 7ULL << 32 | i),
				  i % 3 ? SCMP_ACT_LOG : SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "lseek", 0, 3), SCMP_ACT_LOG);
	ck_assert_uint_eq(answer_to(&program, "lseek", 0, 8ULL << 32 | 3), SCMP_ACT_LOG);
}
END_TEST

/* 4,086 instructions and eight in front. */
START_TEST(what_just_fits_is_taken)
{
	static struct seccomp_argument arguments[1013];
	struct seccomp_profile profile = {
		.default_action = SCMP_ACT_LOG,
		RULES({ NAMES("kcmp"), .action = SCMP_ACT_ALLOW, .origin = "kcmp",
			.arguments = arguments, .argument_count = ARRAY_SIZE(arguments) }),
	};

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		arguments[i] = (struct seccomp_argument){ 1, SCMP_CMP_EQ, i << 33 | i * 3, 0 };
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	ck_assert_uint_gt(program.count, BPF_MAXINSNS - 20);
	ck_assert_uint_eq(answer_to(&program, "kcmp", 0, 1011ULL << 33 | 3033), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "kcmp", 0, 3033), SCMP_ACT_LOG);
}
END_TEST

START_TEST(what_is_too_long_is_refused)
{
	static struct seccomp_argument arguments[BPF_MAXINSNS + 1];
	struct seccomp_rule rules[] = {
		{ NAMES("kcmp"), .action = SCMP_ACT_ALLOW, .origin = "kcmp's",
		  .arguments = arguments, .argument_count = 1500 },
	};
	const struct seccomp_profile profile = { .default_action = SCMP_ACT_LOG,
						 .rules = rules,
						 .rule_count = 1 };

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		arguments[i] = (struct seccomp_argument){ 1, SCMP_CMP_EQ, i << 33 | i * 3, 0 };
	expect_refusal(&profile, "linux.seccomp: 6");
	expect_refusal(&profile, " instructions, but the kernel takes 4096 at most");
	rules[0].argument_count = BPF_MAXINSNS + 1;
	expect_refusal(&profile, "kcmp's: 4097 conditional rules for kcmp, but the kernel");
}
END_TEST

Suite *test_seccomp_search(void);
Suite *test_seccomp_search(void)
{
	Suite *suite = suite_create("seccomp/search");
	TCase *tests = tcase_create("search");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_profile_like_those_of_engines_is_alike);
	tcase_add_loop_test(tests, any_profile_is_alike, 0, 4);
	tcase_add_test(tests, the_strictest_rule_that_fits_counts);
	tcase_add_test(tests, an_exception_counts_before_the_rule);
	tcase_add_test(tests, of_several_errors_the_narrower_rule_has_the_word);
	tcase_add_test(tests, an_exception_does_not_count_before_a_third_rule);
	tcase_add_test(tests, a_rule_without_conditions_counts_alone);
	tcase_add_test(tests, what_socketcall_hides_is_strict);
	tcase_add_test(tests, values_are_not_cut);
	tcase_add_test(tests, what_no_kernel_has_is_refused);
	tcase_add_test(tests, what_is_far_is_reached);
	tcase_add_test(tests, equations_with_the_same_high_word_load_it_once);
	tcase_add_test(tests, what_just_fits_is_taken);
	tcase_add_test(tests, what_is_too_long_is_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
