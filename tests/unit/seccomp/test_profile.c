/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_profile - what the compiled filter says to a system call. */
#include "seccomp/profile.h"

#include <check.h>
#include <errno.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"

START_TEST(what_no_rule_names_gets_the_default)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES(RECENT, { NAMES("read", "write"), .action = SCMP_ACT_ALLOW }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer(&program, "read"), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer(&program, "write"), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer(&program, "mount"), DENIED);
}
END_TEST

START_TEST(a_profile_without_rules_is_its_default)
{
	struct seccomp_profile profile = { .default_action = SCMP_ACT_ALLOW };
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer(&program, "mount"), SCMP_ACT_ALLOW);
	profile.default_action = DENIED;
	_cleanup_program_ struct seccomp_program closed = compile(&profile);
	ck_assert_uint_eq(answer(&closed, "mount"), DENIED);
}
END_TEST

START_TEST(each_action_comes_out_as_it_went_in)
{
	static const uint32_t actions[] = {
		SCMP_ACT_KILL_PROCESS,  SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP,  SCMP_ACT_ERRNO(0),
		SCMP_ACT_ERRNO(4094),   SCMP_ACT_TRACE(0),    SCMP_ACT_LOG,   SCMP_ACT_NOTIFY,
		SCMP_ACT_TRACE(0xffff), SCMP_ACT_ERRNO(38),   SCMP_ACT_ALLOW,
	};
	uint32_t action = actions[_i];
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES(RECENT, { NAMES("getpid"), .action = action, .origin = "rule" }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer(&program, "getpid"), action);
	ck_assert_uint_eq(answer(&program, "getppid"), DENIED);
	profile = (struct seccomp_profile){
		.default_action = action,
		RULES(RECENT, { NAMES("getpid"), .action = SCMP_ACT_ERRNO(7) }),
	};
	_cleanup_program_ struct seccomp_program reverse = compile(&profile);
	ck_assert_uint_eq(answer(&reverse, "getpid"), SCMP_ACT_ERRNO(7));
	ck_assert_uint_eq(answer(&reverse, "getppid"), action);
}
END_TEST

START_TEST(unknown_and_foreign_names_are_skipped)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES(RECENT, { NAMES("not_a_system_call", "s390_pci_mmio_read", "getpid", ""),
				.action = SCMP_ACT_ALLOW, .origin = "rule" }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer(&program, "getpid"), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer(&program, "getppid"), DENIED);
}
END_TEST

START_TEST(a_rule_that_repeats_the_default_is_no_failure)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES(RECENT, { NAMES("mount"), .action = DENIED },
		      { NAMES("getpid"), .action = SCMP_ACT_ALLOW },
		      { NAMES("getpid"), .action = SCMP_ACT_ALLOW }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer(&program, "mount"), DENIED);
	ck_assert_uint_eq(answer(&program, "getpid"), SCMP_ACT_ALLOW);
}
END_TEST

START_TEST(notify_is_for_the_default_and_for_write_too)
{
	struct seccomp_profile profile = {
		.default_action = SCMP_ACT_NOTIFY,
		RULES({ NAMES("chmod"), .action = SCMP_ACT_ALLOW, .origin = "rule" }),
	};
	_cleanup_program_ struct seccomp_program by_default = compile(&profile);
	_cleanup_program_ struct seccomp_program for_write = { 0 };

	ck_assert_uint_eq(answer(&by_default, "write"), SCMP_ACT_NOTIFY);
	ck_assert_uint_eq(answer(&by_default, "chmod"), SCMP_ACT_ALLOW);
	/* What is newer than the profile is the agent's to judge, too. */
	ck_assert_uint_eq(answer_to_number(&by_default, seccomp_arch_native(), 4000),
			  SCMP_ACT_NOTIFY);
	profile = (struct seccomp_profile){
		.default_action = SCMP_ACT_ALLOW,
		RULES({ NAMES("chmod", "write"), .action = SCMP_ACT_NOTIFY, .origin = "rule" }),
	};
	for_write = compile(&profile);
	ck_assert_uint_eq(answer(&for_write, "write"), SCMP_ACT_NOTIFY);
	ck_assert_uint_eq(answer(&for_write, "read"), SCMP_ACT_ALLOW);
}
END_TEST

START_TEST(other_architectures_are_killed)
{
	struct seccomp_profile profile = { .default_action = SCMP_ACT_ALLOW };
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	uint32_t foreign =
		seccomp_arch_native() == SCMP_ARCH_S390X ? SCMP_ARCH_ARM : SCMP_ARCH_S390X;

	ck_assert_uint_eq(answer_on(&program, foreign, "read"), SCMP_ACT_KILL);
	profile.default_action = DENIED;
	_cleanup_program_ struct seccomp_program closed = compile(&profile);
	ck_assert_uint_eq(answer_on(&closed, foreign, "read"), SCMP_ACT_KILL);
}
END_TEST

START_TEST(listed_architectures_have_their_own_numbers)
{
	static const uint32_t little[] = { SCMP_ARCH_X86_64,  SCMP_ARCH_X86,
					   SCMP_ARCH_X32,     SCMP_ARCH_ARM,
					   SCMP_ARCH_AARCH64, SCMP_ARCH_MIPSEL64 };
	struct seccomp_profile profile = {
		.default_action = _i ? SCMP_ACT_ALLOW : DENIED,
		.architectures = little,
		.architecture_count = ARRAY_SIZE(little),
		RULES(RECENT, { NAMES("getpid", "socket"), .action = SCMP_ACT_ERRNO(5) }),
	};

	if (seccomp_arch_native() != SCMP_ARCH_X86_64)
		return;
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	for (size_t i = 0; i < ARRAY_SIZE(little); i++) {
		ck_assert_uint_eq(answer_on(&program, little[i], "getpid"), SCMP_ACT_ERRNO(5));
		ck_assert_uint_eq(answer_on(&program, little[i], "mount"),
				  profile.default_action);
	}
	/* socket(2) of a PC of 32 bits: directly, and as the first call of socketcall(2) */
	ck_assert_uint_eq(answer_to_number(&program, SCMP_ARCH_X86, 359), SCMP_ACT_ERRNO(5));
	struct seccomp_data data = { .nr = 102, .arch = SCMP_ARCH_X86, .args = { 1 } };
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ERRNO(5));
}
END_TEST

/* The kernel takes the version off; libseccomp 2.5.4 does not. */
START_TEST(ipc_is_told_whatever_version_it_asks_for)
{
	struct seccomp_profile profile = {
		.default_action = SCMP_ACT_ALLOW,
		ARCHITECTURES(SCMP_ARCH_X86),
		RULES({ NAMES("msgget"), .action = DENIED, .origin = "rule" }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	struct seccomp_data data = { .nr = 117, .arch = SCMP_ARCH_X86, .args = { 13 } };

	ck_assert_uint_eq(interpret(&program, &data), DENIED);
	data.args[0] = 1 << 16 | 13;
	ck_assert_uint_eq(interpret(&program, &data), DENIED);
	data.args[0] = 0xffff0000 | 13;
	ck_assert_uint_eq(interpret(&program, &data), DENIED);
	data.args[0] = 14;
	ck_assert_uint_eq(interpret(&program, &data), SCMP_ACT_ALLOW);
}
END_TEST

/* SYS_SOCKET of socketcall(2) and SEMOP of ipc(2) are both 1, with one action and no arguments. */
START_TEST(ipc_is_told_beside_a_socketcall_of_the_same_number)
{
	struct seccomp_profile profile = {
		.default_action = SCMP_ACT_ALLOW,
		ARCHITECTURES(SCMP_ARCH_X86),
		RULES({ NAMES("semop", "socket"), .action = DENIED, .origin = "rule" }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	struct seccomp_data data = { .nr = 117,
				     .arch = SCMP_ARCH_X86,
				     .args = { 1 << 16 | 1 } };

	ck_assert_uint_eq(interpret(&program, &data), DENIED);
	data = (struct seccomp_data){ .nr = 102, .arch = SCMP_ARCH_X86, .args = { 1 } };
	ck_assert_uint_eq(interpret(&program, &data), DENIED);
}
END_TEST

START_TEST(architectures_that_cannot_be_here_are_left_out)
{
	bool is_big = seccomp_arch_native() == SCMP_ARCH_S390X;
	struct seccomp_profile profile = {
		.default_action = DENIED,
		ARCHITECTURES(0xdead, is_big ? SCMP_ARCH_X86_64 : SCMP_ARCH_S390X,
			      SCMP_ARCH_NATIVE, seccomp_arch_native()),
		RULES(RECENT, { NAMES("read"), .action = SCMP_ACT_ALLOW }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer(&program, "read"), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to_number(&program, 0xdead, 0), SCMP_ACT_KILL);
}
END_TEST

START_TEST(x32_is_killed_unless_it_is_listed)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES(RECENT, { NAMES("read", "execve"), .action = SCMP_ACT_ALLOW }),
	};

	if (seccomp_arch_native() != SCMP_ARCH_X86_64)
		return;
	_cleanup_program_ struct seccomp_program without = compile(&profile);
	ck_assert_uint_eq(answer_on(&without, SCMP_ARCH_X32, "read"), SCMP_ACT_KILL);
	ck_assert_uint_eq(answer_to_number(&without, SCMP_ARCH_X86_64, 0x40000000 + 9999),
			  SCMP_ACT_KILL);
	profile.architectures = (const uint32_t[]){ SCMP_ARCH_X32 };
	profile.architecture_count = 1;
	_cleanup_program_ struct seccomp_program with = compile(&profile);
	ck_assert_uint_eq(answer_on(&with, SCMP_ARCH_X32, "read"), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_on(&with, SCMP_ARCH_X32, "execve"), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_on(&with, SCMP_ARCH_X32, "ptrace"), DENIED);
	ck_assert_uint_eq(answer_on(&with, SCMP_ARCH_X32, "mount"), DENIED);
	ck_assert_uint_eq(answer_on(&with, SCMP_ARCH_X86_64, "read"), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer_to_number(&with, SCMP_ARCH_X86_64, 0x40000000 + 9999), ABSENT);
	ck_assert_uint_eq(answer_to_number(&with, SCMP_ARCH_X86_64, 9999), ABSENT);
}
END_TEST

/* The kernel asks again when a tracer has said -1, and calls nothing then. */
START_TEST(what_a_tracer_leaves_out_is_not_of_x32)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES(RECENT, { NAMES("read"), .action = SCMP_ACT_ALLOW }),
	};
	const uint32_t x32 = SCMP_ARCH_X32;

	if (seccomp_arch_native() != SCMP_ARCH_X86_64)
		return;
	_cleanup_program_ struct seccomp_program without = compile(&profile);
	profile.architectures = &x32;
	profile.architecture_count = 1;
	_cleanup_program_ struct seccomp_program with = compile(&profile);
	ck_assert_uint_eq(answer_to_number(&without, SCMP_ARCH_X86_64, UINT32_MAX), DENIED);
	ck_assert_uint_eq(answer_to_number(&with, SCMP_ARCH_X86_64, UINT32_MAX), DENIED);
	ck_assert_uint_eq(answer_to_number(&with, SCMP_ARCH_X86_64, UINT32_MAX - 1), ABSENT);
}
END_TEST

START_TEST(a_profile_that_names_nothing_hides_nothing)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		RULES({ NAMES("not_a_system_call"), .action = SCMP_ACT_ALLOW,
			.origin = "rule" }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer(&program, "read"), DENIED);
	ck_assert_uint_eq(answer(&program, "faccessat2"), DENIED);
	if (seccomp_arch_native() == SCMP_ARCH_X86_64)
		ck_assert_uint_eq(answer_on(&program, SCMP_ARCH_X32, "read"), SCMP_ACT_KILL);
}
END_TEST

START_TEST(what_is_newer_than_the_profile_looks_absent)
{
	static const uint32_t defaults[] = { DENIED, SCMP_ACT_KILL_PROCESS,
					     SCMP_ACT_KILL_THREAD, SCMP_ACT_TRAP,
					     SCMP_ACT_ERRNO(0) };
	uint32_t native = seccomp_arch_native();
	struct seccomp_profile profile = {
		.default_action = defaults[_i],
		RULES({ NAMES("read"), .action = SCMP_ACT_ALLOW },
		      { NAMES("openat2"), .action = defaults[_i] }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer(&program, "read"), SCMP_ACT_ALLOW);
	ck_assert_uint_eq(answer(&program, "mount"), defaults[_i]);
	ck_assert_uint_eq(answer(&program, "openat2"), defaults[_i]);
	ck_assert_uint_eq(answer(&program, "pidfd_getfd"), ABSENT);
	ck_assert_uint_eq(answer(&program, "faccessat2"), ABSENT);
	ck_assert_uint_eq(answer_to_number(&program, native, 5999), ABSENT);
}
END_TEST

START_TEST(a_default_that_lets_calls_through_hides_nothing)
{
	static const uint32_t defaults[] = { SCMP_ACT_ALLOW, SCMP_ACT_LOG, SCMP_ACT_TRACE(9),
					     ABSENT };
	struct seccomp_profile profile = {
		.default_action = defaults[_i],
		RULES({ NAMES("read"), .action = SCMP_ACT_ERRNO(5) }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_eq(answer(&program, "read"), SCMP_ACT_ERRNO(5));
	ck_assert_uint_eq(answer(&program, "faccessat2"), defaults[_i]);
	ck_assert_uint_eq(answer_to_number(&program, seccomp_arch_native(), 5999),
			  defaults[_i]);
}
END_TEST

/* More than 32 names, so libseccomp makes its tree; every third system call is in. */
static size_t every_third(const char **names, size_t room)
{
	size_t count = 0;

	for (int number = 0; number <= 448 && count < room; number += 3) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

		if (name)
			names[count++] = name;
	}
	return count;
}

static bool is_among(const char *const *names, size_t count, int number)
{
	for (size_t i = 0; i < count; i++)
		if (seccomp_syscall_resolve_name(names[i]) == number)
			return true;
	return false;
}

START_TEST(a_long_list_finds_every_number)
{
	const char *names[200];
	size_t count = every_third(names, ARRAY_SIZE(names));
	struct seccomp_profile profile = {
		.default_action = SCMP_ACT_LOG,
		RULES({ .names = names, .name_count = count, .action = SCMP_ACT_ERRNO(5) }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);

	ck_assert_uint_gt(count, 100);
	for (int number = 0; number < 1000; number++)
		ck_assert_uint_eq(
			answer_to_number(&program, seccomp_arch_native(), (uint32_t)number),
			is_among(names, count, number) ? SCMP_ACT_ERRNO(5) : SCMP_ACT_LOG);
	for (size_t i = 0; i < count; i++)
		free((char *)names[i]);
}
END_TEST

/* Not by _exit(3): what a sanitizer does there is forbidden by now. */
static void leave(int status)
{
	syscall(SYS_exit_group, status);
}

/* In a child: what is loaded stays until the process ends. */
static int under_filter(const struct seccomp_program *program)
{
	struct sock_fprog code = { (unsigned short)program->count, program->instructions };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return 10;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &code) < 0)
		return 11;
	if (syscall(SYS_getppid) != -1 || errno != EXDEV)
		return 12;
	if (syscall(SYS_lseek, -1, 0, 2) != -1 || errno != EBUSY)
		return 13;
	if (syscall(SYS_lseek, -1, 0, 1) != -1 || errno != EBADF)
		return 14;
	if (syscall(SYS_uname, NULL) != -1 || errno != EPERM)
		return 15;
	if (syscall(5999) != -1 || errno != ENOSYS)
		return 16;
	return 0;
}

START_TEST(the_kernel_agrees)
{
	struct seccomp_profile profile = {
		.default_action = DENIED,
		ARCHITECTURES(seccomp_arch_native(), SCMP_ARCH_X86, SCMP_ARCH_X32),
		RULES({ NAMES("exit_group", "exit", "seccomp", "close_range"),
			.action = SCMP_ACT_ALLOW },
		      { NAMES("getppid"), .action = SCMP_ACT_ERRNO(EXDEV) },
		      { NAMES("lseek"), .action = SCMP_ACT_ERRNO(EBUSY),
			ARGUMENTS({ 2, SCMP_CMP_EQ, 2, 0 }) },
		      { NAMES("lseek"), .action = SCMP_ACT_ALLOW,
			ARGUMENTS({ 2, SCMP_CMP_NE, 2, 0 }) }),
	};
	_cleanup_program_ struct seccomp_program program = compile(&profile);
	pid_t child = fork();
	int status;

	if (child == 0)
		leave(under_filter(&program));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

Suite *test_seccomp_profile(void);
Suite *test_seccomp_profile(void)
{
	Suite *suite = suite_create("seccomp/profile");
	TCase *tests = tcase_create("profile");

	tcase_add_test(tests, what_no_rule_names_gets_the_default);
	tcase_add_test(tests, a_profile_without_rules_is_its_default);
	tcase_add_loop_test(tests, each_action_comes_out_as_it_went_in, 0, 11);
	tcase_add_test(tests, unknown_and_foreign_names_are_skipped);
	tcase_add_test(tests, a_rule_that_repeats_the_default_is_no_failure);
	tcase_add_test(tests, notify_is_for_the_default_and_for_write_too);
	tcase_add_test(tests, other_architectures_are_killed);
	tcase_add_loop_test(tests, listed_architectures_have_their_own_numbers, 0, 2);
	tcase_add_test(tests, ipc_is_told_whatever_version_it_asks_for);
	tcase_add_test(tests, ipc_is_told_beside_a_socketcall_of_the_same_number);
	tcase_add_test(tests, architectures_that_cannot_be_here_are_left_out);
	tcase_add_test(tests, x32_is_killed_unless_it_is_listed);
	tcase_add_test(tests, what_a_tracer_leaves_out_is_not_of_x32);
	tcase_add_test(tests, a_profile_that_names_nothing_hides_nothing);
	tcase_add_loop_test(tests, what_is_newer_than_the_profile_looks_absent, 0, 5);
	tcase_add_loop_test(tests, a_default_that_lets_calls_through_hides_nothing, 0, 4);
	tcase_add_test(tests, a_long_list_finds_every_number);
	tcase_add_test(tests, the_kernel_agrees);
	suite_add_tcase(suite, tests);
	return suite;
}
