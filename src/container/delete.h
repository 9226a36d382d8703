/* SPDX-License-Identifier: GPL-2.0-or-later */
/* delete - take a container away, whatever is left of it. */
#pragma once

#include <stdbool.h>

#include "container/runtime.h"
#include "state/record.h"
#include "state/store.h"

/*
 * Remove the container ID: one that is stopped, one that was created and not
 * started, or with IS_FORCED any.  It fails, and the record stays, as long as
 * something of the container is left; it can be called again then.
 */
int container_delete(const struct runtime *runtime, const char *id, bool is_forced);

/* The same for all whose id PATTERN matches; see matching.h. */
int container_delete_matching(const struct runtime *runtime, const char *pattern,
			      bool is_forced);

/*
 * The same for a container whose lock is held: kill what lives, remove the
 * cgroup, run the poststop hooks, remove the directory.  The slot is closed when it worked.
 */
int container_cleanup(struct store_slot *slot, const struct record *record);
