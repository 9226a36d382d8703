/* SPDX-License-Identifier: GPL-2.0-or-later */
/* external - what of a running container comes from outside, as CRIU has to be told. */
#pragma once

#include "criu/request.h"
#include "libocispec/arena.h"
#include "libocispec/value.h"
#include "plan/plan.h"
#include "state/record.h"

/* What it found; all of it lives in the arena. */
struct external {
	struct criu_pair *mounts; /* where it is mounted now, and its name in the images */
	size_t mount_count;
	const char **names; /* namespaces and files: "net[4026531840]:extRootNetNS" */
	size_t name_count;
	const char *descriptors[3];
};

/* Look at the container of RECORD, which runs, and was made by PLAN. */
int external_find(const struct record *record, const struct plan *plan, struct arena *arena,
		  struct external *ret_external);
