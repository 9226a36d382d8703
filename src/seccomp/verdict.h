/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verdict - what a seccomp filter says about a system call, before the kernel asks it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "seccomp/profile.h"

/* A system call of this machine's own kind. */
struct seccomp_question {
	int number; /* SYS_* */
	uint64_t arguments[6];
};

/*
 * True when PROGRAM lets the system call through (ALLOW or LOG).  False for
 * everything else, and for a program that seccomp(2) would not take.
 */
bool seccomp_lets_through(const struct seccomp_program *program,
			  const struct seccomp_question *question);
