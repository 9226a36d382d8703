/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update - other limits for a container. */
#pragma once

#include "container/runtime.h"
#include "libocispec/arena.h"
#include "libocispec/spec.h"
#include "libocispec/spec_resources.h"

/*
 * Read what `update` is to do from FILE ("-": standard input), which holds what
 * linux.resources of config.json may hold.  What it says lives in ARENA.
 */
int update_read(const char *file, struct arena *arena, struct oci_resources *ret_resources);

/*
 * Change what WANTED names, of a container that has not stopped, and remember
 * it; and the schemata that RDT has (NULL: none), of the group of resctrl that was made for
 * the container, which remembers them itself.  All of it is done, or, when a part
 * fails, nothing.
 */
int container_update(const struct runtime *runtime, const char *id,
		     const struct oci_resources *wanted, const struct oci_intel_rdt *rdt);
