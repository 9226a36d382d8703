/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search - a profile's rules for one architecture as a search among the numbers of system calls. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "seccomp/calls.h"
#include "seccomp/profile.h"

/* True when ARCHITECTURE (SCMP_ARCH_*) is understood here and this machine may run its programs. */
bool search_is_possible(uint32_t architecture);

/*
 * Compile what CALLS names to a program that is entered with the number of the
 * system call in the accumulator and the architecture known; of x86_64, it
 * kills what is of x32.  precedence.h says which rule counts.  Refused: rules
 * that contradict each other, actions that no kernel has, and a program of more
 * than CODE_MAX instructions.
 */
int search_compile(const struct seccomp_profile *profile, const struct calls *calls,
		   struct seccomp_program *ret_program);
