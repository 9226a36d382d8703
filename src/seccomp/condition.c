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

/* The least that is a negative number of 32 bits. */
#define NEGATIVE 0xffffffff80000000U

bool condition_read(const struct seccomp_argument *argument, bool is_wide,
		    struct condition *ret_condition)
{
	uint64_t all = is_wide ? UINT64_MAX : UINT32_MAX;
	uint64_t mask = UINT64_MAX, value = argument->value;

	if (argument->comparison == SCMP_CMP_MASKED_EQ) {
		mask = argument->value;
		value = argument->value_two & mask;
	}
	if (value >= NEGATIVE)
		value &= all;
	*ret_condition = (struct condition){
		.index = argument->index,
		.comparison = meanings[argument->comparison].comparison,
		.is_contrary = meanings[argument->comparison].is_contrary,
		.all = all,
		.mask = mask & all,
		.value = value,
	};
	return (mask & all) != 0 || value > all;
}

/* ---- which one asks for more ---- */

bool condition_is_same(const struct condition *one, const struct condition *other)
{
	return one->index == other->index && one->comparison == other->comparison &&
	       one->is_contrary == other->is_contrary && one->mask == other->mask &&
	       one->value == other->value;
}

/* Of all bits that there are. */
static bool is_equation(const struct condition *condition)
{
	return condition->comparison == BPF_JEQ && !condition->is_contrary &&
	       condition->mask == condition->all && condition->value <= condition->all;
}

static bool is_inequality(const struct condition *condition)
{
	return condition->comparison != BPF_JEQ;
}

/* The values from MIN to MAX; none when MIN is greater. */
struct span {
	uint64_t min, max;
};

/* All values for which CONDITION, an inequality, holds. */
static struct span span_of(const struct condition *condition)
{
	const struct span nothing = { 1, 0 };
	uint64_t value = condition->value, all = condition->all;

	if (value > all)
		return condition->is_contrary ? (struct span){ 0, all } : nothing;
	if (condition->comparison == BPF_JGE && !condition->is_contrary)
		return (struct span){ value, all };
	if (condition->comparison == BPF_JGT && !condition->is_contrary)
		return value == all ? nothing : (struct span){ value + 1, all };
	if (condition->comparison == BPF_JGE)
		return value == 0 ? nothing : (struct span){ 0, value - 1 };
	return (struct span){ 0, value };
}

static uint64_t width_of_equation(const struct condition *condition)
{
	int free_bits = __builtin_popcountll(condition->all & ~condition->mask);

	return condition->value > condition->all ? 0 : ((uint64_t)1 << free_bits) - 1;
}

uint64_t condition_width(const struct condition *condition)
{
	struct span span;

	if (is_inequality(condition)) {
		span = span_of(condition);
		return span.min > span.max ? 0 : span.max - span.min;
	}
	if (!condition->is_contrary)
		return width_of_equation(condition);
	if (condition->value > condition->all)
		return condition->all;
	return condition->all - 1 - width_of_equation(condition);
}

bool condition_narrows(const struct condition *one, const struct condition *other)
{
	struct span outer, inner = { one->value, one->value };

	if (one->index != other->index || !is_inequality(other))
		return false;
	if (is_inequality(one) ? one->is_contrary != other->is_contrary : !is_equation(one))
		return false;
	if (is_inequality(one))
		inner = span_of(one);
	outer = span_of(other);
	return inner.min <= inner.max && inner.min >= outer.min && inner.max <= outer.max &&
	       inner.max - inner.min < outer.max - outer.min;
}

bool condition_shares_load(const struct condition *one, const struct condition *other)
{
	return is_equation(one) && is_equation(other) && one->index == other->index &&
	       one->value >> 32 == other->value >> 32;
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

	if (condition->value > condition->all)
		return no;
	if (condition->comparison == BPF_JEQ)
		return put_equal(code, condition, yes, no);
	return put_greater(code, condition, yes, no);
}

size_t condition_put_low(struct code *code, const struct condition *condition, size_t if_true,
			 size_t if_false)
{
	return code_test(code, BPF_JEQ, (uint32_t)condition->value, if_true, if_false);
}

size_t condition_put_load(struct code *code, const struct condition *condition, size_t if_false)
{
	return put_high(code, condition, load_low(code, condition), if_false);
}
