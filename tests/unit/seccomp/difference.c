/* SPDX-License-Identifier: GPL-2.0-or-later */
/* difference - ask the program of search.c, libseccomp's and the manual page the same. */
#include "difference.h"

#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/mem.h"
#include "interpreter.h"
#include "seccomp/calls.h"
#include "seccomp/filter.h"
#include "seccomp/search.h"

/* libseccomp 2.5.4 loses nodes of its trees; for LeakSanitizer, where it is. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libseccomp";
}

#define X32_BIT 0x40000000U
#define X86_SOCKETCALL 102
#define X86_IPC 117
#define VALUES_MAX 64
#define TURNS 32

const uint32_t compared_architectures[COMPARED_ARCHITECTURES] = {
	SCMP_ARCH_X86_64,  SCMP_ARCH_X86, SCMP_ARCH_X32,
	SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, SCMP_ARCH_RISCV64,
};

/* What is asked on one architecture. */
struct examination {
	uint32_t architecture;
	uint32_t default_action;
	struct calls calls;
	int *direct; /* of each call: its number */
	struct seccomp_program by_search;
	struct seccomp_program by_library;
	bool is_refused; /* by libseccomp */
	uint64_t random;
};

static uint32_t draw(struct examination *e, uint32_t limit)
{
	e->random = e->random * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(e->random >> 33) % limit;
}

/* ---- what seccomp_rule_add(3) says ---- */

static bool is_narrow(const struct examination *e)
{
	return e->architecture == SCMP_ARCH_X86 || e->architecture == SCMP_ARCH_X32 ||
	       e->architecture == SCMP_ARCH_ARM;
}

static bool holds(const struct examination *e, const struct seccomp_argument *argument,
		  const struct seccomp_data *data)
{
	uint64_t all = is_narrow(e) ? UINT32_MAX : UINT64_MAX;
	uint64_t value = data->args[argument->index] & all, wanted = argument->value & all;

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
	return (value & wanted) == (argument->value_two & wanted);
}

/* Is it, as libseccomp has it, no condition at all? */
static bool is_idle(const struct examination *e, const struct seccomp_argument *argument)
{
	uint64_t all = is_narrow(e) ? UINT32_MAX : UINT64_MAX;

	return argument->comparison == SCMP_CMP_MASKED_EQ && !(argument->value & all);
}

enum fit {
	FITS_NOT,
	FITS,
	FITS_ALWAYS,
};

/* Which one of socketcall(2) or ipc(2), whose high half is a version, which libseccomp overlooks. */
static uint32_t called(const struct seccomp_data *data)
{
	return (uint32_t)data->args[0] & (data->nr == X86_IPC ? 0xffff : UINT32_MAX);
}

/* With SUBCALL, by socketcall(2) or ipc(2), which have the first argument for themselves. */
static enum fit fit(const struct examination *e, const struct call *call, uint32_t subcall,
		    const struct seccomp_data *data)
{
	enum fit result = subcall ? FITS : FITS_ALWAYS;

	if (subcall && called(data) != subcall)
		return FITS_NOT;
	for (size_t i = 0; i < call->argument_count; i++) {
		const struct seccomp_argument *argument = &call->arguments[i];

		if ((subcall && argument->index == 0) || is_idle(e, argument))
			continue;
		if (!holds(e, argument, data))
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

static void find_direct(struct examination *e)
{
	uint32_t subcall;

	e->direct = xcalloc(e->calls.count + 1, sizeof(*e->direct));
	for (size_t i = 0; i < e->calls.count; i++) {
		const struct call *call = &e->calls.items[i];

		e->direct[i] = call->number;
		if (e->architecture == SCMP_ARCH_X86 &&
		    calls_multiplexed(call->number, &subcall))
			e->direct[i] = direct_number(call);
	}
}

static bool is_direct(const struct examination *e, const struct call *call, int number)
{
	return e->direct[call - e->calls.items] == number;
}

/* Directly or by socketcall(2) or ipc(2). */
static bool is_about(const struct examination *e, const struct call *call, int number)
{
	uint32_t subcall;
	enum multiplexer by = calls_multiplexed(call->number, &subcall);

	return is_direct(e, call, number) ||
	       (e->architecture == SCMP_ARCH_X86 &&
		((by == MULTIPLEXER_SOCKETCALL && number == X86_SOCKETCALL) ||
		 (by == MULTIPLEXER_IPC && number == X86_IPC)));
}

static enum fit fit_number(const struct examination *e, const struct call *call,
			   const struct seccomp_data *data)
{
	uint32_t subcall = 0;

	if (!is_about(e, call, data->nr))
		return FITS_NOT;
	if (!is_direct(e, call, data->nr))
		calls_multiplexed(call->number, &subcall);
	return fit(e, call, subcall, data);
}

/* The first rule without conditions counts; without one, any that fits. */
static uint32_t by_manual(const struct examination *e, const struct seccomp_data *data)
{
	uint32_t action = e->default_action;

	if (e->architecture == SCMP_ARCH_X86_64 && (uint32_t)data->nr >= X32_BIT &&
	    data->nr != -1)
		return SCMP_ACT_KILL;
	for (size_t i = 0; i < e->calls.count; i++) {
		const struct call *call = &e->calls.items[i];
		enum fit result = FITS_NOT;

		if (call->rule->action != e->default_action)
			result = fit_number(e, call, data);
		if (result == FITS_ALWAYS)
			return call->rule->action;
		if (result == FITS)
			action = call->rule->action;
	}
	return action;
}

/* ---- where libseccomp is right ---- */

static bool is_plain(const struct call *call)
{
	for (size_t i = 0; i < call->argument_count; i++)
		switch (call->arguments[i].comparison) {
		case SCMP_CMP_EQ:
		case SCMP_CMP_MASKED_EQ:
			break;
		case SCMP_CMP_NE:
			if (call->argument_count > 1)
				return false;
			break;
		default:
			return false;
		}
	return true;
}

/*
 * libseccomp 2.5.4 hangs the conditions of several rules for one system call into one tree, whose
 * nodes have two ways into what follows an inequality: what is added behind one is behind the other,
 * too, so calls fit that no rule allows, and some trees take minutes. Equations have one way.
 */
static bool is_sure(const struct examination *e, int number)
{
	size_t rules = 0, plain = 0;

	for (size_t i = 0; i < e->calls.count; i++)
		if (is_about(e, &e->calls.items[i], number)) {
			rules++;
			plain += is_plain(&e->calls.items[i]);
		}
	return rules <= 1 || plain == rules;
}

/* By socketcall(2) or ipc(2), which all share one tree, where there are those. */
static int where(const struct examination *e, const struct call *call)
{
	uint32_t subcall;
	enum multiplexer by = calls_multiplexed(call->number, &subcall);

	if (e->architecture != SCMP_ARCH_X86 || by == MULTIPLEXER_NONE)
		return call->number;
	return by == MULTIPLEXER_SOCKETCALL ? X86_SOCKETCALL : X86_IPC;
}

/* By both numbers that it may have. */
static bool is_sure_call(const struct examination *e, const struct call *call)
{
	return is_sure(e, where(e, call)) && is_sure(e, e->direct[call - e->calls.items]);
}

/* It refuses contradictions of rules that fit nothing, too (less than 0). */
static bool is_trusted(const struct examination *e, const struct seccomp_data *data)
{
	if (e->is_refused ||
	    (e->architecture == SCMP_ARCH_X86 && (uint32_t)data->args[0] != called(data)))
		return false;
	for (size_t i = 0; i < e->calls.count; i++)
		if (is_about(e, &e->calls.items[i], data->nr) &&
		    !is_sure_call(e, &e->calls.items[i]))
			return false;
	return true;
}

/* Where rules of different actions are about NUMBER, libseccomp may be asked what counts. */
static bool is_mixed(const struct examination *e, int number)
{
	uint32_t action = e->default_action;

	for (size_t i = 0; i < e->calls.count; i++) {
		const struct call *call = &e->calls.items[i];

		if (call->rule->action == e->default_action || !is_about(e, call, number))
			continue;
		if (action != e->default_action && action != call->rule->action)
			return true;
		action = call->rule->action;
	}
	return false;
}

/* What libseccomp may be asked: the rest might take it minutes. */
static int compile_by_library(const struct seccomp_profile *profile, struct examination *e)
{
	_cleanup_calls_ struct calls sure = { .architecture = e->architecture };

	sure.items = xcalloc(e->calls.count + 1, sizeof(*sure.items));
	for (size_t i = 0; i < e->calls.count; i++)
		if (is_sure_call(e, &e->calls.items[i]))
			sure.items[sure.count++] = e->calls.items[i];
	return filter_compile(profile, &sure, &e->by_library);
}

/* Are there numbers that we leave to it without its being sure? */
static bool is_doubtful(const struct examination *e)
{
	for (size_t i = 0; i < e->calls.count; i++) {
		int number = where(e, &e->calls.items[i]), direct = e->direct[i];

		if ((!is_sure(e, number) && is_mixed(e, number)) ||
		    (!is_sure(e, direct) && is_mixed(e, direct)))
			return true;
	}
	return false;
}

/* ---- ask ---- */

static bool is_alike(const struct examination *e, const struct seccomp_data *data,
		     struct difference *ret_difference)
{
	struct difference found = {
		.architecture = e->architecture,
		.question = *data,
		.by_search = interpret(&e->by_search, data),
		.by_library =
			e->is_refused ? INTERPRETER_INVALID : interpret(&e->by_library, data),
		.by_manual = by_manual(e, data),
	};

	*ret_difference = found;
	if (is_mixed(e, data->nr) && found.by_search == found.by_library)
		return true;
	return found.by_search == found.by_manual &&
	       (found.by_search == found.by_library || !is_trusted(e, data));
}

/* Values around those that ARGUMENT names. */
static size_t add_values(const struct seccomp_argument *argument, size_t count,
			 uint64_t values[VALUES_MAX])
{
	const uint64_t near[] = {
		argument->value,
		argument->value - 1,
		argument->value + 1,
		argument->value + (1ULL << 32),
		argument->value - (1ULL << 32),
		argument->value ^ (1ULL << 31),
		argument->value_two,
		argument->value_two | ~argument->value,
		argument->value_two ^ 1,
	};

	for (size_t i = 0; i < ARRAY_SIZE(near) && count < VALUES_MAX; i++)
		values[count++] = near[i];
	return count;
}

static size_t values_for(const struct examination *e, int number, unsigned index,
			 uint64_t values[VALUES_MAX])
{
	const uint64_t always[] = { 0, UINT64_MAX, 1ULL << 32 };
	size_t count = ARRAY_SIZE(always);

	memcpy(values, always, sizeof(always));
	for (size_t i = 0; i < e->calls.count; i++) {
		const struct call *call = &e->calls.items[i];

		for (size_t j = 0; j < call->argument_count; j++)
			if (call->arguments[j].index == index && is_about(e, call, number))
				count = add_values(&call->arguments[j], count, values);
	}
	return count;
}

static bool has_conditions(const struct examination *e, int number)
{
	for (size_t i = 0; i < e->calls.count; i++)
		if (is_about(e, &e->calls.items[i], number) &&
		    (e->calls.items[i].argument_count || e->calls.items[i].number < 0))
			return true;
	return false;
}

static bool ask_number(struct examination *e, struct seccomp_data *data,
		       struct difference *ret_difference)
{
	uint64_t values[6][VALUES_MAX];
	size_t counts[6];

	memset(data->args, 0, sizeof(data->args));
	if (!is_alike(e, data, ret_difference))
		return false;
	if (!has_conditions(e, data->nr))
		return true;
	for (unsigned i = 0; i < 6; i++)
		counts[i] = values_for(e, data->nr, i, values[i]);
	for (unsigned turn = 0; turn < TURNS; turn++) {
		for (unsigned i = 0; i < 6; i++)
			data->args[i] = values[i][draw(e, (uint32_t)counts[i])];
		if (data->nr == X86_SOCKETCALL || data->nr == X86_IPC)
			data->args[0] = draw(e, 26);
		if (data->nr == X86_IPC)
			data->args[0] |= draw(e, 2) << 16;
		if (!is_alike(e, data, ret_difference))
			return false;
	}
	return true;
}

static bool ask_all(struct examination *e, struct difference *ret_difference)
{
	bool is_x32 = e->architecture == SCMP_ARCH_X32;
	const uint32_t base = is_x32 ? X32_BIT : 0;
	const uint32_t odd[] = { 0x0f0001,   0x0f0005,   0x3fffffff, 0x40000000,
				 0x40000001, 0xfffffffe, 0xffffffff };
	struct seccomp_data data = { .arch = is_x32 ? SCMP_ARCH_X86_64 : e->architecture };

	for (uint32_t number = 0; number <= 600; number++) {
		data.nr = (int)(base + number);
		if (!ask_number(e, &data, ret_difference))
			return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		data.nr = (int)odd[i];
		if ((!is_x32 || odd[i] >= base) && !ask_number(e, &data, ret_difference))
			return false;
	}
	return true;
}

/* The program of search.c is entered with the number in the accumulator. */
static void load_number(struct seccomp_program *program)
{
	const struct sock_filter load =
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	struct sock_filter *code = xcalloc(program->count + 1, sizeof(*code));

	code[0] = load;
	memcpy(code + 1, program->instructions, program->count * sizeof(*code));
	free(program->instructions);
	program->instructions = code;
	program->count++;
}

static void examination_release(struct examination *e)
{
	calls_release(&e->calls);
	free(e->direct);
	free(e->by_search.instructions);
	free(e->by_library.instructions);
}

static bool compare_on(const struct seccomp_profile *profile, struct examination *e,
		       struct comparison *comparison, struct difference *ret_difference)
{
	int r;

	if (calls_resolve(profile, e->architecture, &e->calls) < 0) {
		err_clear();
		return true;
	}
	find_direct(e);
	if (is_doubtful(e)) {
		comparison->declined++;
		return true;
	}
	e->is_refused = compile_by_library(profile, e) < 0;
	err_clear();
	r = search_compile(profile, &e->calls, false, &e->by_search);
	err_clear();
	if (r == SEARCH_DECLINED || r < 0) {
		comparison->declined++;
		return r > 0 || e->is_refused;
	}
	comparison->compared++;
	load_number(&e->by_search);
	return ask_all(e, ret_difference);
}

bool compare_compilers(const struct seccomp_profile *profile, uint32_t architecture,
		       uint64_t seed, struct comparison *comparison,
		       struct difference *ret_difference)
{
	_cleanup_(examination_release) struct examination e = {
		.architecture = architecture,
		.default_action = profile->default_action,
		.random = seed,
	};

	if (!search_is_possible(architecture) || !filter_is_possible(architecture))
		return true;
	return compare_on(profile, &e, comparison, ret_difference);
}
