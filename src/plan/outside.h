/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outside - what of a container is not its own: CRIU is told, and does not save it. */
#pragma once

#include <stddef.h>

#include "criu/request.h"
#include "libocispec/arena.h"
#include "plan/plan.h"

/*
 * The mounts whose files come from outside, in their order: the place in the container (key) and
 * the path on the host (value).  The list lives in ARENA, the texts in PLAN.  Returns how many.
 */
size_t outside_mounts(const struct plan *plan, struct arena *arena,
		      struct criu_pair **ret_mounts);

/* A namespace that CRIU neither saves nor makes. */
struct outside_namespace {
	const char *name; /* "net": below /proc/PID/ns, and CRIU's word for it */
	const char *
		key; /* its name in the images; NULL: it is saved, and joined anew all the same */
	unsigned flag; /* CLONE_NEW* */
	size_t join;   /* index into plan->joins */
};

/*
 * Those that config.json names by a path; room for each of plan->joins at RET_LIST.  Refuses, by
 * its JSON path, one of a kind that CRIU cannot leave out.  Returns how many, or a failure.
 */
int outside_namespaces(const struct plan *plan, struct outside_namespace *ret_list);

/*
 * Can the container be saved at all?  Refuses one without a mount namespace of its own, and
 * with devices of the host's network.
 */
int outside_check(const struct plan *plan);
