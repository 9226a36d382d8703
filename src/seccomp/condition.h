/* SPDX-License-Identifier: GPL-2.0-or-later */
/* condition - what must hold for an argument of a system call, as BPF knows it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seccomp/code.h"
#include "seccomp/profile.h"

/* BPF compares 32 bits without a sign and knows three ways; the others are their contraries. */
struct condition {
	unsigned index;      /* of the argument, 0-5 */
	unsigned comparison; /* BPF_JEQ, BPF_JGT or BPF_JGE */
	bool is_contrary;    /* it must not hold */
	uint64_t all;        /* the bits that an argument has */
	uint64_t mask;       /* those that are compared: ALL, unless it is about equality */
	uint64_t value;      /* within MASK; or greater than ALL, which no argument is */
};

/*
 * Read ARGUMENT for arguments of 64 bits (IS_WIDE) or of 32, where negative
 * values lose their high word.  As libseccomp has it, a value is masked as the
 * argument is.  False for a condition that always holds, as its mask is 0.
 */
bool condition_read(const struct seccomp_argument *argument, bool is_wide,
		    struct condition *ret_condition);

bool condition_is_same(const struct condition *one, const struct condition *other);

/* How many values CONDITION holds for, less one; 0 also when there are none. */
uint64_t condition_width(const struct condition *condition);

/*
 * True when ONE, an equation or an inequality, holds for a part of the values
 * that OTHER, an inequality (of the same direction), holds for.
 */
bool condition_narrows(const struct condition *one, const struct condition *other);

/* True when ONE and OTHER are equations about the same argument that differ in low words only. */
bool condition_shares_load(const struct condition *one, const struct condition *other);

/* Compare the low word, which is loaded, as an equation does. */
size_t condition_put_low(struct code *code, const struct condition *condition, size_t if_true,
			 size_t if_false);

/* Go on to what was written last with the low word loaded, if the high one is CONDITION's. */
size_t condition_put_load(struct code *code, const struct condition *condition,
			  size_t if_false);

/* Put down what leads to IF_TRUE or IF_FALSE; the label of its beginning. */
size_t condition_put(struct code *code, const struct condition *condition, size_t if_true,
		     size_t if_false);
