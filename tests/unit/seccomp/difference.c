/* SPDX-License-Identifier: GPL-2.0-or-later */
/* difference - ask the program of search.c, libseccomp's and the manual page the same. */
#include "difference.h"

#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "interpreter.h"
#include "meaning.h"
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
#define VALUES_MAX 64
#define TURNS 32

const uint32_t compared_architectures[COMPARED_ARCHITECTURES] = {
	SCMP_ARCH_X86_64,  SCMP_ARCH_X86, SCMP_ARCH_X32,
	SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, SCMP_ARCH_RISCV64,
};

/* What is asked on one architecture. */
struct examination {
	struct meaning meaning;
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

	for (size_t i = 0; i < e->meaning.calls.count; i++)
		if (meaning_is_about(&e->meaning, &e->meaning.calls.items[i], number)) {
			rules++;
			plain += is_plain(&e->meaning.calls.items[i]);
		}
	return rules <= 1 || plain == rules;
}

/* By socketcall(2) or ipc(2), which all share one tree, where there are those. */
static int where(const struct examination *e, const struct call *call)
{
	uint32_t subcall;
	enum multiplexer by = calls_multiplexed(call->number, &subcall);

	if (e->meaning.architecture != SCMP_ARCH_X86 || by == MULTIPLEXER_NONE)
		return call->number;
	return by == MULTIPLEXER_SOCKETCALL ? X86_SOCKETCALL : X86_IPC;
}

/* It cuts all values to 32 bits there, and takes x32 for one of those. */
static bool is_cut(const struct examination *e, const struct call *call)
{
	for (size_t i = 0; i < call->argument_count; i++)
		if ((meaning_is_narrow(&e->meaning) ||
		     e->meaning.architecture == SCMP_ARCH_X32) &&
		    (call->arguments[i].value >> 32 ||
		     (call->arguments[i].comparison == SCMP_CMP_MASKED_EQ &&
		      call->arguments[i].value_two >> 32)))
			return true;
	return false;
}

/* By both numbers that it may have. */
static bool is_sure_call(const struct examination *e, const struct call *call)
{
	return is_sure(e, where(e, call)) &&
	       is_sure(e, e->meaning.direct[call - e->meaning.calls.items]) && !is_cut(e, call);
}

static bool is_wide(const struct seccomp_data *data)
{
	for (unsigned i = 0; i < 6; i++)
		if (data->args[i] >> 32)
			return true;
	return false;
}

/* What counts where rules of different actions fit, depends on the order in which it has them. */
static bool is_mixed(const struct examination *e, const struct seccomp_data *data)
{
	uint32_t action = e->meaning.default_action;

	for (size_t i = 0; i < e->meaning.calls.count; i++) {
		const struct call *call = &e->meaning.calls.items[i];

		if (!meaning_fits(&e->meaning, call, data))
			continue;
		if (action != e->meaning.default_action && action != call->rule->action)
			return true;
		action = call->rule->action;
	}
	return false;
}

/* It refuses contradictions of rules that fit nothing, too (less than 0). */
static bool is_trusted(const struct examination *e, const struct seccomp_data *data)
{
	if (e->is_refused || is_mixed(e, data) ||
	    (e->meaning.architecture == SCMP_ARCH_X32 && is_wide(data)) ||
	    (e->meaning.architecture == SCMP_ARCH_X86 &&
	     (uint32_t)data->args[0] != meaning_called(data)))
		return false;
	for (size_t i = 0; i < e->meaning.calls.count; i++)
		if (meaning_is_about(&e->meaning, &e->meaning.calls.items[i], data->nr) &&
		    !is_sure_call(e, &e->meaning.calls.items[i]))
			return false;
	return true;
}

/* What libseccomp may be asked: the rest might take it minutes. */
static int compile_by_library(const struct seccomp_profile *profile, struct examination *e)
{
	_cleanup_calls_ struct calls sure = { .architecture = e->meaning.architecture };
	_cleanup_close_ int fd = memfd_create("seccomp", MFD_CLOEXEC);

	sure.items = xcalloc(e->meaning.calls.count + 1, sizeof(*sure.items));
	for (size_t i = 0; i < e->meaning.calls.count; i++)
		if (is_sure_call(e, &e->meaning.calls.items[i]))
			sure.items[sure.count++] = e->meaning.calls.items[i];
	if (filter_compile(profile, &sure, fd))
		return err_code();
	return filter_read(fd, &e->by_library);
}

/* ---- ask ---- */

static bool is_alike(const struct examination *e, const struct seccomp_data *data,
		     struct difference *ret_difference)
{
	struct difference found = {
		.architecture = e->meaning.architecture,
		.question = *data,
		.by_search = interpret(&e->by_search, data),
		.by_library =
			e->is_refused ? INTERPRETER_INVALID : interpret(&e->by_library, data),
		.by_manual = meaning_answer(&e->meaning, data),
	};

	*ret_difference = found;
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
	for (size_t i = 0; i < e->meaning.calls.count; i++) {
		const struct call *call = &e->meaning.calls.items[i];

		for (size_t j = 0; j < call->argument_count; j++)
			if (call->arguments[j].index == index &&
			    meaning_is_about(&e->meaning, call, number))
				count = add_values(&call->arguments[j], count, values);
	}
	return count;
}

static bool has_conditions(const struct examination *e, int number)
{
	for (size_t i = 0; i < e->meaning.calls.count; i++)
		if (meaning_is_about(&e->meaning, &e->meaning.calls.items[i], number) &&
		    (e->meaning.calls.items[i].argument_count ||
		     e->meaning.calls.items[i].number < 0))
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
	bool is_x32 = e->meaning.architecture == SCMP_ARCH_X32;
	const uint32_t base = is_x32 ? X32_BIT : 0;
	const uint32_t odd[] = { 0x0f0001,   0x0f0005,   0x3fffffff, 0x40000000,
				 0x40000001, 0xfffffffe, 0xffffffff };
	struct seccomp_data data = { .arch = is_x32 ? SCMP_ARCH_X86_64
						    : e->meaning.architecture };

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
	meaning_release(&e->meaning);
	free(e->by_search.instructions);
	free(e->by_library.instructions);
}

static bool compare_on(const struct seccomp_profile *profile, struct examination *e,
		       struct comparison *comparison, struct difference *ret_difference)
{
	int r;

	if (meaning_make(profile, e->meaning.architecture, &e->meaning) < 0) {
		err_clear();
		return true;
	}
	e->is_refused = compile_by_library(profile, e) < 0;
	err_clear();
	r = search_compile(profile, &e->meaning.calls, &e->by_search);
	err_clear();
	if (r < 0) {
		comparison->declined++;
		*ret_difference =
			(struct difference){ .architecture = e->meaning.architecture };
		return meaning_is_contradictory(&e->meaning);
	}
	if (meaning_is_contradictory(&e->meaning))
		return false;
	comparison->compared++;
	load_number(&e->by_search);
	return ask_all(e, ret_difference);
}

bool compare_compilers(const struct seccomp_profile *profile, uint32_t architecture,
		       uint64_t seed, struct comparison *comparison,
		       struct difference *ret_difference)
{
	_cleanup_(examination_release) struct examination e = {
		.meaning = { .architecture = architecture },
		.random = seed,
	};

	if (!search_is_possible(architecture) || !filter_is_possible(architecture))
		return true;
	return compare_on(profile, &e, comparison, ret_difference);
}
