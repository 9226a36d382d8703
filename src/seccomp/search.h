/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search - a profile's rules for one architecture as a search among the numbers of system calls. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "seccomp/calls.h"
#include "seccomp/profile.h"

/* True when ARCHITECTURE (SCMP_ARCH_*) is understood here and this machine may run its programs. */
bool search_is_possible(uint32_t architecture);

/* What is left to libseccomp (filter.h). */
#define SEARCH_DECLINED 1

/*
 * Compile what CALLS names to a program that is entered with the number of the
 * system call in the accumulator and the architecture known; of x86_64, it
 * kills what is of x32.  Where rules of different actions fit the same system
 * call with the same arguments, which of them counts, or that they contradict
 * each other, is libseccomp's to say: its program for the numbers that this is
 * about, and no others, is a part of ours; if it IS_SHORT, that for numbers with
 * many rules, too, since libseccomp finds what they have in common.  Returns 0, a
 * failure of libseccomp, or SEARCH_DECLINED:
 *
 *  - for architectures that are not understood;
 *  - for actions that no kernel has;
 *  - for a program that is too long.
 */
int search_compile(const struct seccomp_profile *profile, const struct calls *calls,
		   bool is_short, struct seccomp_program *ret_program);
