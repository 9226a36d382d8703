/* SPDX-License-Identifier: GPL-2.0-or-later */
/* calls - the system calls that a profile names, by the numbers of one architecture. */
#include "seccomp/calls.h"

#include <seccomp.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#define ARGUMENT_COUNT 6 /* of a system call */

/* The kernel takes 4,096 instructions. */
#define CALLS_MAX ((size_t)1 << 20)

static int check_arguments(const struct seccomp_rule *rule)
{
	for (size_t i = 0; i < rule->argument_count; i++)
		if (rule->arguments[i].index >= ARGUMENT_COUNT)
			return err_refuse("args[%zu].index: no system call has an argument %u",
					  i, rule->arguments[i].index);
	return 0;
}

static bool repeats_an_argument(const struct seccomp_rule *rule)
{
	unsigned seen = 0;

	for (size_t i = 0; i < rule->argument_count; i++) {
		unsigned bit = 1U << rule->arguments[i].index;

		if (seen & bit)
			return true;
		seen |= bit;
	}
	return false;
}

static bool is_idle(const struct seccomp_profile *profile, const struct seccomp_rule *rule)
{
	return rule->action == profile->default_action;
}

/* How many calls RULE makes of each of its names. */
static size_t alternatives_of(const struct seccomp_rule *rule)
{
	return repeats_an_argument(rule) ? rule->argument_count : 1;
}

static int count_calls(const struct seccomp_profile *profile, size_t *ret_count)
{
	size_t count = 0;

	for (size_t i = 0; i < profile->rule_count; i++) {
		const struct seccomp_rule *rule = &profile->rules[i];

		if (check_arguments(rule))
			return err_while("%s", rule->origin);
		if (rule->name_count > CALLS_MAX || alternatives_of(rule) > CALLS_MAX)
			count = CALLS_MAX;
		count += rule->name_count * alternatives_of(rule);
		if (count > CALLS_MAX)
			return err_refuse("%s: too many system calls and alternatives",
					  rule->origin);
	}
	*ret_count = count;
	return 0;
}

static void add_call(struct calls *calls, const struct call *call)
{
	size_t count = alternatives_of(call->rule);

	for (size_t i = 0; i < count; i++) {
		struct call *added = &calls->items[calls->count++];

		*added = *call;
		if (count > 1) {
			added->arguments = &call->rule->arguments[i];
			added->argument_count = 1;
		}
	}
}

/* Profiles name system calls of every architecture and of kernels yet to come. */
static int resolve_rule(const struct seccomp_rule *rule, bool is_strict, struct calls *calls)
{
	for (size_t i = 0; i < rule->name_count; i++) {
		struct call call = {
			.rule = rule,
			.name = rule->names[i],
			.arguments = rule->arguments,
			.argument_count = rule->argument_count,
		};

		call.number = seccomp_syscall_resolve_name_arch(calls->architecture, call.name);
		if (call.number != __NR_SCMP_ERROR)
			add_call(calls, &call);
		else if (is_strict)
			return err_refuse("unknown system call %s", call.name);
		else
			log_debug("%s: unknown system call %s skipped", rule->origin,
				  call.name);
	}
	return 0;
}

int calls_resolve(const struct seccomp_profile *profile, uint32_t architecture,
		  struct calls *ret_calls)
{
	_cleanup_calls_ struct calls calls = { .architecture = architecture };
	size_t count;

	if (count_calls(profile, &count))
		return err_code();
	calls.items = xreallocarray(NULL, count + 1, sizeof(*calls.items));
	for (size_t i = 0; i < profile->rule_count; i++) {
		const struct seccomp_rule *rule = &profile->rules[i];

		if (resolve_rule(rule, profile->is_strict && !is_idle(profile, rule), &calls))
			return err_while("%s", rule->origin);
	}
	*ret_calls = calls;
	calls.items = NULL;
	return 0;
}

void calls_release(struct calls *calls)
{
	free(calls->items);
}

/* libseccomp has -100 less the number of socketcall(2), -200 less that of ipc(2). */
#define SOCKETCALLS 20
#define IPCS 24

enum multiplexer calls_multiplexed(int number, uint32_t *ret_call)
{
	if (number < -100 && number >= -100 - SOCKETCALLS) {
		*ret_call = (uint32_t)(-100 - number);
		return MULTIPLEXER_SOCKETCALL;
	}
	if (number < -200 && number >= -200 - IPCS) {
		*ret_call = (uint32_t)(-200 - number);
		return MULTIPLEXER_IPC;
	}
	return MULTIPLEXER_NONE;
}
