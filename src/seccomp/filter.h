/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter - a profile's rules for one architecture, compiled by libseccomp. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "seccomp/calls.h"
#include "seccomp/profile.h"

/* True when ARCHITECTURE can have a filter on this machine by this libseccomp. */
bool filter_is_possible(uint32_t architecture);

/*
 * Compile CALLS, which are of PROFILE; the program kills what is of another
 * architecture than theirs.  Refused: rules that contradict each other.
 */
int filter_compile(const struct seccomp_profile *profile, const struct calls *calls,
		   struct seccomp_program *ret_program);
