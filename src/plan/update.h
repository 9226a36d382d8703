/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update - from what `update` asks for to what will be written; pure. */
#pragma once

#include "kernel/host.h"
#include "libocispec/arena.h"
#include "libocispec/spec_resources.h"
#include "plan/plan.h"

/*
 * NOW are the container's resources, WANTED what is to be different; both are
 * borrowed and neither changes.  *RET_ALL is what they are together, for the
 * record.  *RET_PART is what has to be written: WANTED, and what the kernel's
 * files say together with it (a quota with its period).
 */
void update_merge(const struct oci_resources *now, const struct oci_resources *wanted,
		  struct arena *arena, struct oci_resources *ret_all,
		  struct oci_resources *ret_part);

/*
 * A plan that has nothing but limits (writes, and devices if PART has any), and
 * the lines of schemata of RDT, which may be NULL.  The
 * caller releases it, also after a failure, whose text begins with the JSON path
 * in config.json.
 */
int plan_update(const struct oci_resources *part, const struct oci_intel_rdt *rdt,
		const struct host *host, struct plan *ret_plan);
