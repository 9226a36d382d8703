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
 * Compile CALLS, which are of PROFILE, into FD, an empty file; the program
 * kills what is of another architecture than theirs.  Refused: rules that
 * contradict each other.  This may take hours: apart.h.
 */
int filter_compile(const struct seccomp_profile *profile, const struct calls *calls, int fd);

/* The program that FD holds. */
int filter_read(int fd, struct seccomp_program *ret_program);
