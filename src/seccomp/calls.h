/* SPDX-License-Identifier: GPL-2.0-or-later */
/* calls - the system calls that a profile names, by the numbers of one architecture. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "seccomp/profile.h"

/* A system call that a rule names, with conditions that must all hold. */
struct call {
	const struct seccomp_rule *rule;
	const char *name;
	int number; /* the architecture's own; negative: it has none, see calls_multiplexed() */
	const struct seccomp_argument *arguments; /* each about another one */
	size_t argument_count;
};

/*
 * In the order of the profile; names that libseccomp does not know are left
 * out.  Rules with several conditions on one argument, which are alternatives,
 * make a call of each.
 */
struct calls {
	uint32_t architecture; /* SCMP_ARCH_* */
	struct call *items;
	size_t count;
};

/*
 * Look up all names of PROFILE, into which the list points.  Refused: rules about
 * arguments that no system call has; more than a million calls; in a strict
 * profile, unknown names, but not in rules that say what the default says anyway.
 */
int calls_resolve(const struct seccomp_profile *profile, uint32_t architecture,
		  struct calls *ret_calls);
void calls_release(struct calls *calls);
#define _cleanup_calls_ _cleanup_(calls_release)

/* The two system calls that once had others behind them. */
enum multiplexer {
	MULTIPLEXER_NONE,
	MULTIPLEXER_SOCKETCALL,
	MULTIPLEXER_IPC,
};

/*
 * Is NUMBER libseccomp's for a system call that is, or was, reached by
 * socketcall(2) or ipc(2)?  Then *RET_CALL is what it is there.
 */
enum multiplexer calls_multiplexed(int number, uint32_t *ret_call);
