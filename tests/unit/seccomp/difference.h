/* SPDX-License-Identifier: GPL-2.0-or-later */
/* difference - ask the program of search.c, libseccomp's and the manual page the same. */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

#include "seccomp/profile.h"

/* The first question to which two of them gave different answers. */
struct difference {
	uint32_t architecture;
	struct seccomp_data question;
	uint32_t by_search;
	uint32_t by_library; /* INTERPRETER_INVALID: libseccomp refuses the profile */
	uint32_t by_manual;  /* seccomp_rule_add(3) and precedence.h, followed word by word */
};

/* How many programs were compared, and how many profiles search.c refused, as they contradict. */
struct comparison {
	unsigned compared;
	unsigned declined;
};

/* Those that search.c understands. */
#define COMPARED_ARCHITECTURES 6
extern const uint32_t compared_architectures[COMPARED_ARCHITECTURES];

/*
 * Compile PROFILE for ARCHITECTURE and compare the answers to all numbers up to 600, some that are
 * odd, and values around those of conditions, chosen by SEED.  True when all are alike.
 */
bool compare_compilers(const struct seccomp_profile *profile, uint32_t architecture,
		       uint64_t seed, struct comparison *comparison,
		       struct difference *ret_difference);
