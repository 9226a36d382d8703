/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_filter - conditions on the arguments of a system call. */
#include "seccomp/filter.h"

#include <check.h>
#include <seccomp.h>
#include <sys/mman.h>

#include "base/err.h"
#include "base/fd.h"
#include "probe.h"

/* Of what PROFILE names on ARCHITECTURE; false when it is refused. */
static bool compile_on(const struct seccomp_profile *profile, uint32_t architecture,
		       struct seccomp_program *ret_program)
{
	_cleanup_calls_ struct calls calls = { 0 };
	_cleanup_close_ int fd = memfd_create("seccomp", MFD_CLOEXEC);

	ck_assert_int_eq(calls_resolve(profile, architecture, &calls), 0);
	return filter_compile(profile, &calls, fd) == 0 && filter_read(fd, ret_program) == 0;
}

/* What seccomp_rule_add(3) says about each operator. */
static bool compares(const struct seccomp_argument *argument, uint64_t value)
{
	switch (argument->comparison) {
	case SCMP_CMP_NE:
		return value != argument->value;
	case SCMP_CMP_LT:
		return value < argument->value;
	case SCMP_CMP_LE:
		return value <= argument->value;
	case SCMP_CMP_EQ:
		return value == argument->value;
	case SCMP_CMP_GE:
		return value >= argument->value;
	case SCMP_CMP_GT:
		return value > argument->value;
	}
	return (value & argument->value) == argument->value_two;
}

static const uint64_t interesting[] = {
	0,          1,          2,           0x7f,        0x7fffffff,  0x80000000,
	0xffffffff, 1ULL << 32, 0x100000001, 0x200000000, 0x1fffffff0, 0x7fffffffffffffff,
	UINT64_MAX,
};

START_TEST(operators_compare_all_64_bits)
{
	for (size_t i = 0; i < ARRAY_SIZE(interesting); i++) {
		struct seccomp_argument argument = { 1, _i, interesting[i],
						     interesting[i] & 0x1ff };
		struct seccomp_profile profile = {
			.default_action = DENIED,
			RULES(RECENT,
			      { NAMES("lseek"), .action = SCMP_ACT_ALLOW, .origin = "rule",
				.arguments = &argument, .argument_count = 1 }),
		};
		_cleanup_program_ struct seccomp_program program = compile(&profile);

		for (size_t j = 0; j < ARRAY_SIZE(interesting); j++)
			ck_assert_uint_eq(answer_to(&program, "lseek", 5, interesting[j]),
					  compares(&argument, interesting[j]) ? SCMP_ACT_ALLOW
									      : DENIED);
	}
}
END_TEST

START_TEST(all_conditions_of_a_rule_must_hold)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES(RECENT,
		      { NAMES("socket"), .action = SCMP_ACT_ERRNO(EINVAL), .origin = "rule",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 16, 0 }, { 1, SCMP_CMP_EQ, 3, 0 }) }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer_to(&program, "socket", 16, 3), SCMP_ACT_ERRNO(EINVAL));
	ck_assert_uint_eq(answer_to(&program, "socket", 16, 2), DENIED);
	ck_assert_uint_eq(answer_to(&program, "socket", 2, 3), DENIED);
}
END_TEST

START_TEST(conditions_on_one_argument_are_alternatives)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES(RECENT,
		      { NAMES("personality"), .action = SCMP_ACT_ALLOW, .origin = "rule",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 0, 0 }, { 0, SCMP_CMP_EQ, 8, 0 },
				  { 0, SCMP_CMP_EQ, 0xffffffff, 0 }) }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer_to(&program, "personality", 0, 0), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "personality", 8, 0), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "personality", 0xffffffff, 0), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to(&program, "personality", 9, 0), DENIED);
}
END_TEST

START_TEST(contradicting_rules_are_refused)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("read"), .action = SCMP_ACT_ALLOW,
			.origin = "linux.seccomp.syscalls[0]",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 1, 0 }) },
		      { NAMES("read"), .action = SCMP_ACT_LOG,
			.origin = "linux.seccomp.syscalls[1]",
			ARGUMENTS({ 0, SCMP_CMP_EQ, 1, 0 }) }),
	};

	expect_refusal(&profile, "linux.seccomp.syscalls[1]: the rule for read contradicts");
}
END_TEST

START_TEST(an_argument_that_no_call_has_is_refused)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("read"), .action = SCMP_ACT_ALLOW,
			.origin = "linux.seccomp.syscalls[0]",
			ARGUMENTS({ 6, SCMP_CMP_EQ, 1, 0 }) }),
	};

	expect_refusal(&profile, "linux.seccomp.syscalls[0]: args[0].index");
	profile.default_action = SCMP_ACT_ALLOW;
	expect_refusal(&profile, "linux.seccomp.syscalls[0]: args[0].index");
}
END_TEST

START_TEST(a_filter_that_the_kernel_would_not_take_is_refused)
{
	static struct seccomp_argument arguments[3000];
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("read"), .action = SCMP_ACT_ALLOW, .origin = "rule",
			.arguments = arguments, .argument_count = ARRAY_SIZE(arguments) }),
	};

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++)
		arguments[i] = (struct seccomp_argument){ 1, SCMP_CMP_EQ, i << 32 | i * 7, 0 };
	expect_refusal(&profile, "the kernel takes 4096 at most");
}
END_TEST

/*
 * libseccomp 2.5.4 alone would look for 102 in the architecture: what comes first in its list,
 * send(2), has no number of its own there.
 */
START_TEST(what_an_architecture_lacks_spoils_nothing)
{
	const struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("send", "riscv_flush_icache"), .action = SCMP_ACT_ALLOW,
			.origin = "rule" }),
	};
	struct seccomp_data data = { .nr = 102, .arch = SCMP_ARCH_X86, .args = { 9 } };
	_cleanup_program_ struct seccomp_program program = { 0 };

	if (!filter_is_possible(SCMP_ARCH_X86))
		return; /* bytes are the other way round */
	ck_assert(compile_on(&profile, SCMP_ARCH_X86, &program));
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ALLOW);
	data.args[0] = 10;
	ck_assert_uint_eq(interpret(&program, &data), DENIED);
}
END_TEST

START_TEST(rules_that_contradict_matter_where_the_call_is)
{
	const struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("send"), .action = SCMP_ACT_ALLOW, .origin = "rule" },
		      { NAMES("send"), .action = SCMP_ACT_TRAP, .origin = "another" }),
	};
	const struct seccomp_data data = { .nr = 1, .arch = SCMP_ARCH_AARCH64 };
	_cleanup_program_ struct seccomp_program program = { 0 };

	if (!filter_is_possible(SCMP_ARCH_X86))
		return; /* bytes are the other way round */
	ck_assert(compile_on(&profile, SCMP_ARCH_AARCH64, &program));
	ck_assert_uint_eq(interpret(&program, &data), DENIED);
	ck_assert(!compile_on(&profile, SCMP_ARCH_X86, &program));
	err_clear();
}
END_TEST

Suite *test_seccomp_filter(void);
Suite *test_seccomp_filter(void)
{
	Suite *suite = suite_create("seccomp/filter");
	TCase *tests = tcase_create("filter");

	tcase_set_timeout(tests, 60); /* libseccomp, under valgrind or beside others */
	tcase_add_loop_test(tests, operators_compare_all_64_bits, SCMP_CMP_NE, _SCMP_CMP_MAX);
	tcase_add_test(tests, all_conditions_of_a_rule_must_hold);
	tcase_add_test(tests, conditions_on_one_argument_are_alternatives);
	tcase_add_test(tests, contradicting_rules_are_refused);
	tcase_add_test(tests, rules_that_contradict_matter_where_the_call_is);
	tcase_add_test(tests, an_argument_that_no_call_has_is_refused);
	tcase_add_test(tests, a_filter_that_the_kernel_would_not_take_is_refused);
	tcase_add_test(tests, what_an_architecture_lacks_spoils_nothing);
	suite_add_tcase(suite, tests);
	return suite;
}
