/* SPDX-License-Identifier: GPL-2.0-or-later */
/* apart - libseccomp compiles rules in a process of its own, which ends in time. */
#pragma once

#include "kernel/deadline.h"
#include "seccomp/calls.h"
#include "seccomp/profile.h"

/*
 * As filter_compile(), by a child that goes when we go: libseccomp 2.5.4 may
 * take hours for ten rules.  -EINVAL when DEADLINE passed, -EINTR when a
 * signal came (interrupt.h); the child is killed then.
 */
int apart_compile(const struct seccomp_profile *profile, const struct calls *calls,
		  const struct deadline *deadline, struct seccomp_program *ret_program);
