/* SPDX-License-Identifier: GPL-2.0-or-later */
/* step - one table of named steps that parent and tare-init walk together. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "init/block.h"
#include "launch/launch.h"

/*
 * Parent and init walk the same list from top to bottom. Each runs its own
 * rows. At a row of the other side's it goes on at once, unless the row is
 * awaited: then it stops until the other side says that the row is done. What
 * may overlap, overlaps; what must not is visible in one column.
 */
struct step {
	const char *name; /* in errors, traces and injected faults */
	enum side side;
	bool is_awaited;
	bool (*wanted)(const struct plan *plan); /* NULL: always; sees the plan only */
	enum act act;                            /* of an init row */
	int (*run)(struct launch *launch);       /* of a parent row */
	void (*undo)(
		struct launch *launch); /* of a parent row that worked, when a later fails */
};

/* What parent and init agreed on: the rows that are wanted. */
struct step_list {
	const struct step *steps[80];
	size_t count;
};

/* Pick the wanted rows and write them into the block for tare-init. */
void steps_choose(const struct step *table, size_t count, struct plan *plan,
		  struct step_list *ret_list);

/*
 * Walk TABLE, of COUNT rows, with what REQUEST asks for: its wanted rows up to the last one of the
 * parent.  When a row fails, ours or theirs, the rows of ours that had worked are undone from the
 * last to the first.
 */
int steps_walk(const struct step *table, size_t count, struct launch *launch,
	       const struct launch_request *request);

/* How many rows there are up to the last that we run or wait for; others are init's and `start`'s. */
size_t steps_of_parent(const struct step_list *list);

/*
 * Receive the terminal, traces or the failure of tare-init until it has done step INDEX; of ACT_EXEC
 * it says that it is about to do it, and its end of the channel closes when it has.
 */
int steps_await(const struct step_list *list, struct launch *launch, size_t index);
