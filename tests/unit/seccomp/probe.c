/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe - write a profile down, compile it, ask its filter. */
#include "probe.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

void program_release(struct seccomp_program *program)
{
	free(program->instructions);
}

struct seccomp_program compile(const struct seccomp_profile *profile)
{
	struct seccomp_program program = { 0 };
	int r = seccomp_compile(profile, &program);

	ck_assert_msg(r == 0, "%s", err_last()->text);
	return program;
}

uint32_t answer_on(const struct seccomp_program *program, uint32_t architecture,
		   const char *name)
{
	struct seccomp_data data = {
		.nr = seccomp_syscall_resolve_name_arch(architecture, name),
		.arch = architecture == SCMP_ARCH_X32 ? SCMP_ARCH_X86_64 : architecture,
	};

	return interpret(program, &data);
}

uint32_t answer(const struct seccomp_program *program, const char *name)
{
	return answer_on(program, seccomp_arch_native(), name);
}

uint32_t answer_to_number(const struct seccomp_program *program, uint32_t architecture,
			  uint32_t number)
{
	struct seccomp_data data = { .nr = (int)number, .arch = architecture };

	return interpret(program, &data);
}

uint32_t answer_to(const struct seccomp_program *program, const char *name, uint64_t first,
		   uint64_t second)
{
	struct seccomp_data data = {
		.nr = seccomp_syscall_resolve_name(name),
		.arch = seccomp_arch_native(),
		.args = { first, second },
	};

	return interpret(program, &data);
}

void expect_refusal(const struct seccomp_profile *profile, const char *text)
{
	struct seccomp_program program = { 0 };

	ck_assert_int_eq(seccomp_compile(profile, &program), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err_last()->text, text));
	ck_assert_ptr_null(program.instructions);
	err_clear();
}
