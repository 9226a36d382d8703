/* SPDX-License-Identifier: GPL-2.0-or-later */
/* meaning - what a profile's rules mean by seccomp_rule_add(3) and precedence.h, word by word. */
#include "meaning.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"

#define X32_BIT 0x40000000U

/* ---- what seccomp_rule_add(3) says ---- */

bool meaning_is_narrow(const struct meaning *m)
{
	return m->architecture == SCMP_ARCH_X86 || m->architecture == SCMP_ARCH_ARM;
}

/* A number of 32 bits below 0 has all bits set in its high word: there is none on 32 bits. */
static uint64_t cut(const struct meaning *m, uint64_t value)
{
	return meaning_is_narrow(m) && value >= 0xffffffff80000000 ? (uint32_t)value : value;
}

static bool holds(const struct meaning *m, const struct seccomp_argument *argument,
		  const struct seccomp_data *data)
{
	uint64_t all = meaning_is_narrow(m) ? UINT32_MAX : UINT64_MAX;
	uint64_t value = data->args[argument->index] & all, wanted = cut(m, argument->value);

	switch (argument->comparison) {
	case SCMP_CMP_NE:
		return value != wanted;
	case SCMP_CMP_LT:
		return value < wanted;
	case SCMP_CMP_LE:
		return value <= wanted;
	case SCMP_CMP_EQ:
		return value == wanted;
	case SCMP_CMP_GE:
		return value >= wanted;
	case SCMP_CMP_GT:
		return value > wanted;
	}
	return (value & argument->value) == cut(m, argument->value_two & argument->value);
}

/* Is it, as libseccomp has it, no condition at all? */
static bool is_idle(const struct meaning *m, const struct seccomp_argument *argument)
{
	uint64_t all = meaning_is_narrow(m) ? UINT32_MAX : UINT64_MAX;

	return argument->comparison == SCMP_CMP_MASKED_EQ && !(argument->value & all) &&
	       cut(m, argument->value_two & argument->value) <= all;
}

enum fit {
	FITS_NOT,
	FITS,
	FITS_ALWAYS,
};

/* libseccomp overlooks the version. */
uint32_t meaning_called(const struct seccomp_data *data)
{
	return (uint32_t)data->args[0] & (data->nr == X86_IPC ? 0xffff : UINT32_MAX);
}

/* With SUBCALL, by socketcall(2) or ipc(2), which have the first argument for themselves. */
static enum fit fit(const struct meaning *m, const struct call *call, uint32_t subcall,
		    const struct seccomp_data *data)
{
	enum fit result = subcall ? FITS : FITS_ALWAYS;

	if (subcall && meaning_called(data) != subcall)
		return FITS_NOT;
	for (size_t i = 0; i < call->argument_count; i++) {
		const struct seccomp_argument *argument = &call->arguments[i];

		if ((subcall && argument->index == 0) || is_idle(m, argument))
			continue;
		if (!holds(m, argument, data))
			return FITS_NOT;
		result = FITS;
	}
	return result;
}

/* libseccomp knows the direct numbers of sockets, too, but tells them by number only. */
static int direct_number(const struct call *call)
{
	for (int number = 337; number < 403; number++) {
		_cleanup_free_ char *name =
			seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86, number);

		if (name && !strcmp(name, call->name))
			return number;
	}
	return call->number;
}

static void find_direct(struct meaning *m)
{
	uint32_t subcall;

	m->direct = xcalloc(m->calls.count + 1, sizeof(*m->direct));
	for (size_t i = 0; i < m->calls.count; i++) {
		const struct call *call = &m->calls.items[i];

		m->direct[i] = call->number;
		if (m->architecture == SCMP_ARCH_X86 &&
		    calls_multiplexed(call->number, &subcall))
			m->direct[i] = direct_number(call);
	}
}

static bool is_direct(const struct meaning *m, const struct call *call, int number)
{
	return m->direct[call - m->calls.items] == number;
}

/* Directly or by socketcall(2) or ipc(2). */
bool meaning_is_about(const struct meaning *m, const struct call *call, int number)
{
	uint32_t subcall;
	enum multiplexer by = calls_multiplexed(call->number, &subcall);

	return is_direct(m, call, number) ||
	       (m->architecture == SCMP_ARCH_X86 &&
		((by == MULTIPLEXER_SOCKETCALL && number == X86_SOCKETCALL) ||
		 (by == MULTIPLEXER_IPC && number == X86_IPC)));
}

static enum fit fit_number(const struct meaning *m, const struct call *call,
			   const struct seccomp_data *data)
{
	uint32_t subcall = 0;

	if (!meaning_is_about(m, call, data->nr))
		return FITS_NOT;
	if (!is_direct(m, call, data->nr))
		calls_multiplexed(call->number, &subcall);
	return fit(m, call, subcall, data);
}

/* ---- what precedence.h says ---- */

/* The values that fulfil a condition; several have no bounds. */
struct bounds {
	__int128 min, max;
	unsigned __int128 count;
	bool has_bounds;
	bool is_inequality;
	bool is_from_below; /* 0 and so on */
};

static struct bounds bounds_of(const struct meaning *m, const struct seccomp_argument *argument)
{
	const __int128 all = meaning_is_narrow(m) ? UINT32_MAX : UINT64_MAX;
	struct bounds bounds = { .min = 0, .max = all, .has_bounds = true };
	__int128 wanted = cut(m, argument->value);
	uint64_t mask = argument->value & (uint64_t)all;

	switch (argument->comparison) {
	case SCMP_CMP_LT:
	case SCMP_CMP_LE:
		bounds.max = argument->comparison == SCMP_CMP_LT ? wanted - 1 : wanted;
		bounds.is_inequality = bounds.is_from_below = true;
		break;
	case SCMP_CMP_GE:
	case SCMP_CMP_GT:
		bounds.min = argument->comparison == SCMP_CMP_GT ? wanted + 1 : wanted;
		bounds.is_inequality = true;
		break;
	case SCMP_CMP_MASKED_EQ:
		wanted = cut(m, argument->value_two & argument->value);
		bounds.has_bounds = mask == (uint64_t)all;
		bounds.min = bounds.max = wanted;
		break;
	case SCMP_CMP_EQ:
		bounds.min = bounds.max = wanted;
		break;
	}
	if (bounds.max > all)
		bounds.max = all;
	bounds.count =
		bounds.max < bounds.min ? 0 : (unsigned __int128)(bounds.max - bounds.min) + 1;
	if (argument->comparison == SCMP_CMP_NE) {
		bounds.has_bounds = false;
		bounds.count -= wanted <= all;
	}
	if (argument->comparison == SCMP_CMP_MASKED_EQ && wanted <= all)
		bounds.count = (unsigned __int128)1
			       << __builtin_popcountll((uint64_t)all & ~mask);
	return bounds;
}

static const struct seccomp_argument *asked(const struct meaning *m, const struct call *call,
					    unsigned index)
{
	for (size_t i = 0; i < call->argument_count; i++)
		if (call->arguments[i].index == index && !is_idle(m, &call->arguments[i]))
			return &call->arguments[i];
	return NULL;
}

static bool is_same_words(const struct seccomp_argument *one,
			  const struct seccomp_argument *other)
{
	if (!one || !other)
		return one == other;
	return one->comparison == other->comparison && one->value == other->value &&
	       (one->comparison != SCMP_CMP_MASKED_EQ ||
		((one->value_two ^ other->value_two) & one->value) == 0);
}

/* As far as conditions are concerned: they may be told otherwise, but are the same. */
static bool is_same_condition(const struct meaning *m, const struct seccomp_argument *one,
			      const struct seccomp_argument *other)
{
	struct bounds left, right;

	if (!one || !other)
		return one == other;
	if (is_same_words(one, other))
		return true;
	left = bounds_of(m, one);
	right = bounds_of(m, other);
	if (one->comparison == SCMP_CMP_NE && other->comparison == SCMP_CMP_NE)
		return cut(m, one->value) == cut(m, other->value);
	if (one->comparison == SCMP_CMP_MASKED_EQ && other->comparison == SCMP_CMP_MASKED_EQ) {
		uint32_t mask = (uint32_t)one->value;

		return meaning_is_narrow(m) && mask == (uint32_t)other->value &&
		       left.min == right.min;
	}
	if (!left.is_inequality && !right.is_inequality)
		return left.has_bounds && right.has_bounds && left.min == right.min;
	return one->comparison == other->comparison &&
	       cut(m, one->value) == cut(m, other->value);
}

static bool is_narrower(const struct meaning *m, const struct seccomp_argument *one,
			const struct seccomp_argument *other)
{
	struct bounds left, right;

	if (!one || !other)
		return false;
	left = bounds_of(m, one);
	right = bounds_of(m, other);
	return left.has_bounds && right.is_inequality &&
	       (!left.is_inequality || left.is_from_below == right.is_from_below) &&
	       left.count > 0 && left.min >= right.min && left.max <= right.max &&
	       left.count < right.count;
}

/* By a multiplexer, the first argument is not seen. */
static bool is_exception(const struct meaning *m, const struct call *one,
			 const struct call *other, unsigned first_index)
{
	bool result = false;

	for (unsigned i = first_index; i < 6; i++) {
		const struct seccomp_argument *left = asked(m, one, i),
					      *right = asked(m, other, i);

		if (is_same_condition(m, left, right))
			continue;
		if (!is_narrower(m, left, right))
			return false;
		result = true;
	}
	return result && one->number == other->number;
}

static bool is_unconditional(const struct meaning *m, const struct call *call)
{
	for (unsigned i = 0; i < 6; i++)
		if (asked(m, call, i))
			return false;
	return call->rule->action != m->default_action;
}

/* The first rule of the same call that has no conditions; NULL: none. */
static const struct call *unconditional_of(const struct meaning *m, const struct call *call)
{
	for (size_t i = 0; i < m->calls.count; i++)
		if (m->calls.items[i].number == call->number &&
		    is_unconditional(m, &m->calls.items[i]))
			return &m->calls.items[i];
	return NULL;
}

static bool is_valid(const struct meaning *m, const struct call *call)
{
	return m->valid[call - m->calls.items];
}

static void find_valid(struct meaning *m)
{
	m->valid = xcalloc(m->calls.count + 1, sizeof(*m->valid));
	for (size_t i = 0; i < m->calls.count; i++) {
		const struct call *call = &m->calls.items[i];
		const struct call *first = unconditional_of(m, call);

		m->valid[i] =
			call->rule->action != m->default_action && (!first || first == call);
	}
}

/* Is ONE to be preferred to OTHER, of which none is an exception? */
static bool is_stricter(const struct meaning *m, const struct call *one,
			const struct call *other, const struct seccomp_data *data)
{
	int left = (int)(one->rule->action & SECCOMP_RET_ACTION_FULL);
	int right = (int)(other->rule->action & SECCOMP_RET_ACTION_FULL);
	bool by_one = !is_direct(m, one, data->nr), by_other = !is_direct(m, other, data->nr);

	if (left != right)
		return left < right;
	for (unsigned i = 6; i-- > 0;) {
		const struct seccomp_argument *a = asked(m, one, i), *b = asked(m, other, i);
		const unsigned __int128 any = (unsigned __int128)1
					      << (meaning_is_narrow(m) ? 32 : 64);
		unsigned __int128 a_count = a ? bounds_of(m, a).count : any;
		unsigned __int128 b_count = b ? bounds_of(m, b).count : any;

		if (i == 0 && by_one)
			a_count = data->nr == X86_IPC ? 1 << 16 : 1;
		if (i == 0 && by_other)
			b_count = data->nr == X86_IPC ? 1 << 16 : 1;
		if (a_count != b_count)
			return a_count < b_count;
	}
	return one < other;
}

static bool is_excepted(const struct meaning *m, const struct call *call,
			const struct seccomp_data *data)
{
	unsigned first_index = is_direct(m, call, data->nr) ? 0 : 1;

	for (size_t i = 0; i < m->calls.count; i++) {
		const struct call *other = &m->calls.items[i];

		if (other->number == call->number &&
		    other->rule->action != call->rule->action && is_valid(m, other) &&
		    fit_number(m, other, data) != FITS_NOT &&
		    is_exception(m, other, call, first_index))
			return true;
	}
	return false;
}

uint32_t meaning_answer(const struct meaning *m, const struct seccomp_data *data)
{
	const struct call *result = NULL;

	if (m->architecture == SCMP_ARCH_X86_64 && (uint32_t)data->nr >= X32_BIT &&
	    data->nr != -1)
		return SCMP_ACT_KILL;
	for (size_t i = 0; i < m->calls.count; i++) {
		const struct call *call = &m->calls.items[i];
		enum fit result_of_call = FITS_NOT;

		if (is_valid(m, call))
			result_of_call = fit_number(m, call, data);
		if (result_of_call == FITS_ALWAYS)
			return call->rule->action;
		if (result_of_call == FITS && (!result || is_stricter(m, call, result, data)) &&
		    !is_excepted(m, call, data))
			result = call;
	}
	return result ? result->rule->action : m->default_action;
}

/* Do two rules about a call that there is contradict each other? */
static bool contradicts(const struct meaning *m, const struct call *one,
			const struct call *other)
{
	if (one->number != other->number || one->rule->action == other->rule->action)
		return false;
	for (unsigned i = 0; i < 6; i++)
		if (!is_same_words(asked(m, one, i), asked(m, other, i)))
			return false;
	return true;
}

/* By its own number or by a multiplexer that is not told as a whole. */
static bool is_there(const struct meaning *m, const struct call *call)
{
	struct call multiplexer = { .rule = call->rule };
	uint32_t subcall;
	enum multiplexer by = calls_multiplexed(call->number, &subcall);

	if (m->direct[call - m->calls.items] >= 0)
		return true;
	if (by == MULTIPLEXER_NONE || m->architecture != SCMP_ARCH_X86)
		return false;
	multiplexer.number = by == MULTIPLEXER_SOCKETCALL ? X86_SOCKETCALL : X86_IPC;
	return !unconditional_of(m, &multiplexer);
}

bool meaning_is_contradictory(const struct meaning *m)
{
	for (size_t i = 0; i < m->calls.count; i++) {
		const struct call *call = &m->calls.items[i],
				  *first = unconditional_of(m, call);

		if (call->rule->action == m->default_action || !is_there(m, call) ||
		    (first && call >= first))
			continue;
		for (const struct call *other = m->calls.items; other < call; other++)
			if (other->rule->action != m->default_action &&
			    contradicts(m, call, other))
				return true;
	}
	return false;
}

bool meaning_fits(const struct meaning *m, const struct call *call,
		  const struct seccomp_data *data)
{
	return is_valid(m, call) && fit_number(m, call, data) != FITS_NOT;
}

int meaning_make(const struct seccomp_profile *profile, uint32_t architecture,
		 struct meaning *ret_meaning)
{
	struct meaning meaning = { .architecture = architecture,
				   .default_action = profile->default_action };
	int r = calls_resolve(profile, architecture, &meaning.calls);

	if (r < 0)
		return r;
	find_direct(&meaning);
	find_valid(&meaning);
	*ret_meaning = meaning;
	return 0;
}

void meaning_release(struct meaning *meaning)
{
	calls_release(&meaning->calls);
	free(meaning->direct);
	free(meaning->valid);
}
