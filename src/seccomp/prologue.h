/* SPDX-License-Identifier: GPL-2.0-or-later */
/* prologue - chooses the filter of an architecture and answers ENOSYS to what is too new. */
#pragma once

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#include "seccomp/calls.h"
#include "seccomp/profile.h"

#define PROLOGUE_MAX 192

/* What a filter begins with; the programs of the architectures follow, one by one. */
struct prologue {
	struct sock_filter code[PROLOGUE_MAX];
	size_t count;
};

/* One architecture's: the native one comes first. */
struct filter_part {
	struct calls calls;
	struct seccomp_program program; /* entered with the number in the accumulator */
};

/* No architecture may be there twice.  Others are killed. */
void prologue_build(const struct seccomp_profile *profile, const struct filter_part *parts,
		    size_t part_count, struct prologue *ret_prologue);
