/* SPDX-License-Identifier: GPL-2.0-or-later */
/* anyprofile - bytes, random or chosen by a fuzzer, as a seccomp profile. */
#pragma once

#include <stdint.h>

#include "seccomp/profile.h"

#define ANY_RULES 8
#define ANY_NAMES 256
#define ANY_ARGUMENTS 4

struct any_profile {
	struct seccomp_profile profile;
	struct seccomp_rule rules[ANY_RULES];
	const char *names[ANY_RULES][ANY_NAMES];
	struct seccomp_argument arguments[ANY_RULES][ANY_ARGUMENTS];
};

/* ANY points to itself: it must not be copied.  What BYTES lack is 0. */
void any_profile_make(const uint8_t *bytes, size_t size, struct any_profile *any);
