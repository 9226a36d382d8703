/* SPDX-License-Identifier: GPL-2.0-or-later */
/* entries - what a profile says about each number of an architecture. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "seccomp/calls.h"
#include "seccomp/condition.h"

/* A number, and what happens when all conditions hold. */
struct entry {
	uint32_t number;
	uint32_t action;
	uint32_t call; /* which one of socketcall(2) or ipc(2) it is; 0: none */
	bool is_wide;  /* arguments have 64 bits */
	size_t argument_count;
	const struct seccomp_argument *arguments;
	const struct call *from; /* later in the profile, later in memory */
};

/* By number; of one number, as in the profile, but socketcall and ipc themselves come first. */
struct entries {
	struct entry *items;
	size_t count;
};

/* True when numbers and arguments of ARCHITECTURE, which has the low byte first, are understood. */
bool entries_are_known(uint32_t architecture);

/* False when ARCHITECTURE has no socketcall(2) or ipc(2) for what calls_multiplexed() knows. */
bool entries_may_be_multiplexed(uint32_t architecture);

/* Those of CALLS, of a known architecture, that do something else than DEFAULT_ACTION. */
void entries_make(const struct calls *calls, uint32_t default_action,
		  struct entries *ret_entries);
void entries_release(struct entries *entries);
#define _cleanup_entries_ _cleanup_(entries_release)

#define CONDITIONS_MAX 6

/* The conditions of ENTRY; returns how many there are, 0 when it fits always. */
size_t entry_conditions(const struct entry *entry,
			struct condition ret_conditions[CONDITIONS_MAX]);

/*
 * The same by argument and as the profile has them: of what is called by
 * socketcall(2) or ipc(2), which cannot be told there, too.
 */
size_t entry_told_conditions(const struct entry *entry,
			     struct condition ret_conditions[CONDITIONS_MAX]);
