/* SPDX-License-Identifier: GPL-2.0-or-later */
/* livemounts - mounts that are added to a container that is there, or taken away; pure. */
#pragma once

#include "plan/plan.h"

/* What the caller asks for.  All of it is borrowed and outlives the plan. */
struct plan_live_request {
	const struct oci_spec *spec; /* as the container was created */
	const char *id;
	const char *bundle; /* as it was at create: relative sources start there */
	const struct oci_mounts *mounts;
	bool is_removal; /* of them, only the destinations count */
};

/*
 * Build the plan.  The caller releases it, also after a failure, whose text
 * begins as that of plan_build().
 */
int plan_live_mounts(const struct plan_live_request *request, const struct host *host,
		     struct plan *ret_plan);
