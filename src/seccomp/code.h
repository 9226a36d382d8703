/* SPDX-License-Identifier: GPL-2.0-or-later */
/* code - a BPF program, put down from its end to its beginning. */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "seccomp/profile.h"

/*
 * Programs jump forwards only, so from behind each target is known: an
 * instruction is written after those that it leads to.  A label is one that is
 * written already, counted from the end.
 */
/* More actions than that are only written more often. */
#define CODE_ENDS 8

/* Far more than the kernel takes (BPF_MAXINSNS), so that it can be told how many too many. */
#define CODE_MAX ((size_t)1 << 16)

struct code {
	struct sock_filter *items; /* the last instruction first */
	size_t count;
	size_t room;
	size_t ends[CODE_ENDS]; /* the last of each action */
	size_t end_count;
	bool is_too_long; /* more than CODE_MAX: no longer written */
};

void code_release(struct code *code);
#define _cleanup_code_ _cleanup_(code_release)

/* An end with ACTION that a conditional jump in front can reach; written when there is none. */
size_t code_return(struct code *code, uint32_t action);

/*
 * Compare the accumulator with VALUE: COMPARISON is BPF_JEQ, BPF_JGT or
 * BPF_JGE.  However far the two labels are, they are reached.
 */
size_t code_test(struct code *code, unsigned comparison, uint32_t value, size_t if_true,
		 size_t if_false);

/* Both go on to what was written last: accumulator &= MASK, accumulator = word at OFFSET. */
size_t code_mask(struct code *code, uint32_t mask);
size_t code_load(struct code *code, size_t offset);

/* A program that begins at START; -E2BIG, which nobody has been told, when it is too long. */
int code_finish(struct code *code, size_t start, struct seccomp_program *ret_program);
