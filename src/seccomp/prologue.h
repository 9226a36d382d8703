/* SPDX-License-Identifier: GPL-2.0-or-later */
/* prologue - chooses the filter of an architecture and answers ENOSYS to what is too new. */
#pragma once

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#include "seccomp/profile.h"

#define PROLOGUE_MAX 192

/* What a filter begins with; the programs of the architectures follow, one by one. */
struct prologue {
	struct sock_filter code[PROLOGUE_MAX];
	size_t count; /* 0: one program that needs nothing in front */
};

/* One program: a native one comes first. */
struct filter_part {
	uint32_t architecture; /* SCMP_ARCH_* */
	struct seccomp_program program;
};

/* No architecture may be there twice. */
void prologue_build(const struct seccomp_profile *profile, const struct filter_part *parts,
		    size_t part_count, struct prologue *ret_prologue);
