/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe - write a profile down, compile it, ask its filter. */
#pragma once

#include <errno.h>
#include <seccomp.h>

#include "base/cleanup.h"
#include "interpreter.h"
#include "seccomp/profile.h"

#define DENIED SCMP_ACT_ERRNO(EPERM)
#define ABSENT SCMP_ACT_ERRNO(ENOSYS)
#define NAMES(...)                                     \
	.names = (const char *const[]){ __VA_ARGS__ }, \
	.name_count = ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ }))
#define ARGUMENTS(...)                                                 \
	.arguments = (const struct seccomp_argument[]){ __VA_ARGS__ }, \
	.argument_count = ARRAY_SIZE(((const struct seccomp_argument[]){ __VA_ARGS__ }))
#define RULES(...)                                             \
	.rules = (const struct seccomp_rule[]){ __VA_ARGS__ }, \
	.rule_count = ARRAY_SIZE(((const struct seccomp_rule[]){ __VA_ARGS__ }))
#define ARCHITECTURES(...)                                  \
	.architectures = (const uint32_t[]){ __VA_ARGS__ }, \
	.architecture_count = ARRAY_SIZE(((const uint32_t[]){ __VA_ARGS__ }))

/* close_range names the newest that this test needs: nothing below it is ENOSYS. */
#define RECENT                                                                     \
	{                                                                          \
		NAMES("close_range"), .action = SCMP_ACT_ALLOW, .origin = "recent" \
	}

void program_release(struct seccomp_program *program);
#define _cleanup_program_ _cleanup_(program_release)

/* The program of PROFILE; the test fails when there is none. */
struct seccomp_program compile(const struct seccomp_profile *profile);

/* The test fails unless PROFILE is refused with TEXT in the message. */
void expect_refusal(const struct seccomp_profile *profile, const char *text);

/* What a system call gets: by name, here or on ARCHITECTURE; by number; with arguments. */
uint32_t answer(const struct seccomp_program *program, const char *name);
uint32_t answer_on(const struct seccomp_program *program, uint32_t architecture,
		   const char *name);
uint32_t answer_to_number(const struct seccomp_program *program, uint32_t architecture,
			  uint32_t number);
uint32_t answer_to(const struct seccomp_program *program, const char *name, uint64_t first,
		   uint64_t second);
