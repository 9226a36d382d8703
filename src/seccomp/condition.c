/* SPDX-License-Identifier: GPL-2.0-or-later */
/* condition - what must hold for an argument of a system call, as BPF knows it. */
#include "seccomp/condition.h"

#include <endian.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <seccomp.h>

/* ---- what it means ---- */

struct meaning {
	unsigned comparison;
	bool is_contrary;
};

/* clang-format off */
static const struct meaning meanings[] = {
	[SCMP_CMP_NE]        = { BPF_JEQ, true },
	[SCMP_CMP_LT]        = { BPF_JGE, true },
	[SCMP_CMP_LE]        = { BPF_JGT, true },
	[SCMP_CMP_EQ]        = { BPF_JEQ, false },
	[SCMP_CMP_GE]        = { BPF_JGE, false },
	[SCMP_CMP_GT]        = { BPF_JGT, false },
	[SCMP_CMP_MASKED_EQ] = { BPF_JEQ, false },
};
/* clang-format on */

bool condition_read(const struct seccomp_argument *argument, bool is_wide,
		    struct condition *ret_condition)
{
	uint64_t all = is_wide ? UINT64_MAX : UINT32_MAX;
	uint64_t mask = all, value = argument->value;

	if (argument->comparison == SCMP_CMP_MASKED_EQ) {
		mask &= argument->value;
		value = argument->value_two;
	}
	*ret_condition = (struct condition){
		.index = argument->index,
		.comparison = meanings[argument->comparison].comparison,
		.is_contrary = meanings[argument->comparison].is_contrary,
		.all = all,
		.mask = mask,
		.value = value & mask,
	};
	return mask != 0;
}

/* ---- can two of them hold? ---- */

/* The values from MIN to MAX; none when MIN is greater. */
struct span {
	uint64_t min, max;
};

/* The least span that has all values for which CONDITION holds. */
static struct span span_of(const struct condition *condition)
{
	const struct span nothing = { 1, 0 };
	uint64_t value = condition->value, all = condition->all;

	if (condition->comparison == BPF_JGE && !condition->is_contrary)
		return (struct span){ value, all };
	if (condition->comparison == BPF_JGT && !condition->is_contrary)
		return value == all ? nothing : (struct span){ value + 1, all };
	if (condition->comparison == BPF_JGE)
		return value == 0 ? nothing : (struct span){ 0, value - 1 };
	if (condition->comparison == BPF_JGT)
		return (struct span){ 0, value };
	if (condition->mask == all && !condition->is_contrary)
		return (struct span){ value, value };
	return (struct span){ 0, all };
}

/* Does the equation CONDITION, of whatever mask, hold for none of SPAN? */
static bool misses(const struct condition *condition, const struct span *span)
{
	bool is_equal = (span->min & condition->mask) == condition->value;

	return condition->comparison == BPF_JEQ && span->min == span->max &&
	       is_equal == condition->is_contrary;
}

static bool is_equation(const struct condition *condition)
{
	return condition->comparison == BPF_JEQ && !condition->is_contrary;
}

bool condition_excludes(const struct condition *one, const struct condition *other)
{
	struct span first = span_of(one), second = span_of(other);

	if (first.min > first.max || second.min > second.max)
		return true;
	if (first.max < second.min || second.max < first.min)
		return true;
	if (misses(one, &second) || misses(other, &first))
		return true;
	return is_equation(one) && is_equation(other) &&
	       ((one->value ^ other->value) & one->mask & other->mask);
}

/* ---- as code ---- */

static size_t load_low(struct code *code, const struct condition *condition)
{
	size_t at = offsetof(struct seccomp_data, args) + condition->index * sizeof(uint64_t);

	return code_load(code, __BYTE_ORDER == __LITTLE_ENDIAN ? at : at + 4);
}

static size_t load_high(struct code *code, const struct condition *condition)
{
	size_t at = offsetof(struct seccomp_data, args) + condition->index * sizeof(uint64_t);

	return code_load(code, __BYTE_ORDER == __LITTLE_ENDIAN ? at + 4 : at);
}

/* Is the high word all that MASK leaves of it?  There is none on 32 bits. */
static size_t put_high(struct code *code, const struct condition *condition, size_t if_true,
		       size_t if_false)
{
	uint32_t mask = (uint32_t)(condition->mask >> 32);

	if (!mask)
		return if_true;
	code_test(code, BPF_JEQ, (uint32_t)(condition->value >> 32), if_true, if_false);
	if (mask != UINT32_MAX)
		code_mask(code, mask);
	return load_high(code, condition);
}

static size_t put_equal(struct code *code, const struct condition *condition, size_t if_true,
			size_t if_false)
{
	uint32_t mask = (uint32_t)condition->mask;

	if (!mask)
		return put_high(code, condition, if_true, if_false);
	code_test(code, BPF_JEQ, (uint32_t)condition->value, if_true, if_false);
	if (mask != UINT32_MAX)
		code_mask(code, mask);
	if_true = load_low(code, condition);
	return put_high(code, condition, if_true, if_false);
}

/* The low words count where the high ones are equal. */
static size_t put_greater(struct code *code, const struct condition *condition, size_t if_true,
			  size_t if_false)
{
	uint32_t high = (uint32_t)(condition->value >> 32);
	size_t label;

	code_test(code, condition->comparison, (uint32_t)condition->value, if_true, if_false);
	label = load_low(code, condition);
	if (condition->all == UINT32_MAX)
		return label;
	label = code_test(code, BPF_JEQ, high, label, if_false);
	code_test(code, BPF_JGT, high, if_true, label);
	return load_high(code, condition);
}

size_t condition_put(struct code *code, const struct condition *condition, size_t if_true,
		     size_t if_false)
{
	size_t yes = condition->is_contrary ? if_false : if_true;
	size_t no = condition->is_contrary ? if_true : if_false;

	if (condition->comparison == BPF_JEQ)
		return put_equal(code, condition, yes, no);
	return put_greater(code, condition, yes, no);
}
