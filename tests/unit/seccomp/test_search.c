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

static int compile_alone(const struct seccomp_profile *profile, uint32_t architecture)
{
	_cleanup_program_ struct seccomp_program program = { 0 };
	_cleanup_calls_ struct calls calls = { 0 };

	ck_assert_int_eq(calls_resolve(profile, architecture, &calls), 0);
	return search_compile(profile, &calls, false, &program);
}

/* libseccomp's programs look at the architecture, which ours do not; or it refuses. */
static bool asks_libseccomp(const struct seccomp_profile *profile, uint32_t architecture)
{
	_cleanup_program_ struct seccomp_program program = { 0 };
	_cleanup_calls_ struct calls calls = { 0 };
	const struct sock_filter *code;
	bool result;

	ck_assert_int_eq(calls_resolve(profile, architecture, &calls), 0);
	result = search_compile(profile, &calls, false, &program) < 0;
	err_clear();
	code = program.instructions;
	for (size_t i = 0; i < program.count; i++)
		if (code[i].code == (BPF_LD | BPF_W | BPF_ABS) &&
		    code[i].k == offsetof(struct seccomp_data, arch))
			result = true;
	return result;
}

START_TEST(rules_that_may_contradict_each_other_are_left_to_libseccomp)
{
	const struct seccomp_argument three[] = { { 0, SCMP_CMP_EQ, 3, 0 } };
	/* clang-format off */
	const struct {
		struct seccomp_argument other;
		bool is_left;
	} cases[] = {
		{ { 0, SCMP_CMP_EQ, 3, 0 },                    true },
		{ { 0, SCMP_CMP_EQ, 4, 0 },                    false },
		{ { 0, SCMP_CMP_EQ, 0x100000003, 0 },          false },
		{ { 0, SCMP_CMP_NE, 3, 0 },                    false },
		{ { 0, SCMP_CMP_NE, 4, 0 },                    true },
		{ { 0, SCMP_CMP_LT, 3, 0 },                    false },
		{ { 0, SCMP_CMP_LT, 0, 0 },                    false },
		{ { 0, SCMP_CMP_LE, 3, 0 },                    true },
		{ { 0, SCMP_CMP_GT, 3, 0 },                    false },
		{ { 0, SCMP_CMP_GT, UINT64_MAX, 0 },           false },
		{ { 0, SCMP_CMP_GE, 3, 0 },                    true },
		{ { 0, SCMP_CMP_MASKED_EQ, 4, 4 },             false },
		{ { 0, SCMP_CMP_MASKED_EQ, 6, 2 },             true },
		{ { 0, SCMP_CMP_MASKED_EQ, 0xffffffff, 3 },    true },
		{ { 1, SCMP_CMP_EQ, 4, 0 },                    true },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct seccomp_profile profile = {
			.default_action = DENIED,
			RULES({ NAMES("read"), .action = SCMP_ACT_ALLOW, .arguments = three,
				.argument_count = 1 },
			      { NAMES("read"), .action = SCMP_ACT_LOG,
				.arguments = &cases[i].other, .argument_count = 1 }),
		};

		ck_assert(asks_libseccomp(&profile, SCMP_ARCH_AARCH64) == cases[i].is_left);
	}
}
END_TEST

/* libseccomp 2.5.4 would let lseek(0, 3) through: it finds the first rule's end behind the second. */
START_TEST(a_contradiction_elsewhere_changes_nothing)
{
	const struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES(RECENT,
		      { NAMES("lseek"), .action = SCMP_ACT_ALLOW, .origin = "lseek",
			ARGUMENTS({ 0, SCMP_CMP_NE, 4, 0 }, { 1, SCMP_CMP_EQ, 1, 0 }) },
		      { NAMES("lseek"), .action = SCMP_ACT_ALLOW, .origin = "lseek",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 3, 0 }) },
		      { NAMES("kcmp"), .action = SCMP_ACT_ALLOW, .origin = "kcmp",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 1, 0 }) },
		      { NAMES("kcmp"), .action = SCMP_ACT_LOG, .origin = "kcmp",
			ARGUMENTS({ 1, SCMP_CMP_EQ, 2, 0 }) }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert(asks_libseccomp(&profile, seccomp_arch_native()));
	ck_assert_uint_eq(answer_to(&program, "lseek", 0, 3), DENIED);
	ck_assert_uint_eq(answer_to(&program, "lseek", 0, 1), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "lseek", 3, 9), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "kcmp", 1, 0), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "kcmp", 0, 2), SCMP_ACT_LOG);
	ck_assert_uint_eq(answer_to(&program, "kcmp", 0, 0), DENIED);
}
END_TEST

START_TEST(what_is_not_understood_is_left_to_libseccomp)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("read"), .action = SCMP_ACT_ALLOW }),
	};

	ck_assert_int_eq(compile_alone(&profile, SCMP_ARCH_S390X), SEARCH_DECLINED);
	ck_assert_int_eq(compile_alone(&profile, SCMP_ARCH_PPC64LE), SEARCH_DECLINED);
	ck_assert_int_eq(compile_alone(&profile, SCMP_ARCH_ARM), 0);
	profile.default_action = SCMP_ACT_ERRNO(4095);
	ck_assert_int_eq(compile_alone(&profile, SCMP_ARCH_ARM), SEARCH_DECLINED);
	profile.default_action = 0x12340000;
	ck_assert_int_eq(compile_alone(&profile, SCMP_ARCH_ARM), SEARCH_DECLINED);
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
		arguments[i] = (struct seccomp_argument){ 1, SCMP_CMP_EQ, i * 3, 0 };
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	ck_assert_uint_gt(program.count, 1000);
	for (size_t i = 0; i < ARRAY_SIZE(arguments) * 3; i++)
		ck_assert_uint_eq(answer_to(&program, "lseek", 0, i),
				  i % 3 ? SCMP_ACT_LOG : SCMP_ACT_ALLOW);
}
END_TEST

/* 4,086 instructions of ours and eight in front: libseccomp, which would be wrong, is not asked. */
START_TEST(what_just_fits_is_compiled_here)
{
	static struct seccomp_argument arguments[1012];
	const struct seccomp_profile profile = {
		.default_action = SCMP_ACT_LOG,
		RULES({ NAMES("kcmp"), .action = SCMP_ACT_ALLOW, .origin = "kcmp",
			.arguments = arguments, .argument_count = ARRAY_SIZE(arguments) },
		      { NAMES("lseek"), .action = SCMP_ACT_ALLOW, .origin = "lseek",
			ARGUMENTS({ 0, SCMP_CMP_NE, 4, 0 }, { 1, SCMP_CMP_EQ, 1, 0 }) },
		      { NAMES("lseek"), .action = SCMP_ACT_ALLOW, .origin = "lseek",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 3, 0 }) }),
	};

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		arguments[i] = (struct seccomp_argument){ 1, SCMP_CMP_EQ, i << 33 | i * 3, 0 };
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	ck_assert_uint_gt(program.count, BPF_MAXINSNS - 10);
	ck_assert_uint_eq(answer_to(&program, "lseek", 0, 3), SCMP_ACT_LOG);
	ck_assert_uint_eq(answer_to(&program, "lseek", 3, 0), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "kcmp", 0, 1011ULL << 33 | 3033), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "kcmp", 0, 3033), SCMP_ACT_LOG);
}
END_TEST

/* Many conditions with a word in common: ours says it each time, libseccomp once. */
START_TEST(what_is_too_long_here_may_fit_as_libseccomp_has_it)
{
	static struct seccomp_argument arguments[1500];
	const struct seccomp_profile profile = {
		.default_action = SCMP_ACT_LOG,
		RULES({ NAMES("lseek"), .action = SCMP_ACT_ALLOW, .origin = "lseek",
			.arguments = arguments, .argument_count = ARRAY_SIZE(arguments) },
		      { NAMES("kcmp"), .action = SCMP_ACT_ALLOW, .origin = "kcmp",
			ARGUMENTS({ 0, SCMP_CMP_NE, 4, 0 }, { 1, SCMP_CMP_EQ, 1, 0 }) },
		      { NAMES("kcmp"), .action = SCMP_ACT_ALLOW, .origin = "kcmp",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 3, 0 }) }),
	};

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		arguments[i] = (struct seccomp_argument){ 1, SCMP_CMP_EQ, i * 3, 0 };
	ck_assert_int_eq(compile_alone(&profile, SCMP_ARCH_X86_64), SEARCH_DECLINED);
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	ck_assert_uint_lt(program.count, BPF_MAXINSNS);
	ck_assert_uint_eq(answer_to(&program, "lseek", 0, 1200 * 3), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "lseek", 0, 1200 * 3 + 1), SCMP_ACT_LOG);
	/* It has only what is long: kcmp(2) it would let through. */
	ck_assert_uint_eq(answer_to(&program, "kcmp", 0, 3), SCMP_ACT_LOG);
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
	tcase_add_test(tests, rules_that_may_contradict_each_other_are_left_to_libseccomp);
	tcase_add_test(tests, a_contradiction_elsewhere_changes_nothing);
	tcase_add_test(tests, what_is_not_understood_is_left_to_libseccomp);
	tcase_add_test(tests, what_is_far_is_reached);
	tcase_add_test(tests, what_just_fits_is_compiled_here);
	tcase_add_test(tests, what_is_too_long_here_may_fit_as_libseccomp_has_it);
	suite_add_tcase(suite, tests);
	return suite;
}
