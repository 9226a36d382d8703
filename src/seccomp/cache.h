/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cache - compiled seccomp profiles, found by their content. */
#pragma once

#include "seccomp/profile.h"

/*
 * As seccomp_compile(), but a profile that was compiled before comes out of
 * DIRECTORY (NO_FD: none), where others are written.  DIRECTORY must be ours
 * alone, as the state directory is.  A cache that cannot be read or written
 * costs time, never a failure.
 */
int seccomp_compile_cached(int directory, const struct seccomp_profile *profile,
			   struct seccomp_program *ret_program);
