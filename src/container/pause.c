/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pause - hold all processes of a container still, and let them go on. */
#include "container/pause.h"

#include "base/err.h"
#include "container/state.h"

/* One that waits for a device or a network file system cannot be frozen before it has its answer. */
#define FREEZE_MS 5000

/* A cgroup of its own is all that pause can be done with. */
static int open_cgroup(const struct record *record, struct cgroup *ret_cgroup)
{
	int r = container_cgroup(record, ret_cgroup);

	if (r == 0 && ret_cgroup->fd < 0)
		return err_refuse("container %s has no cgroup: its processes cannot be paused",
				  record->id);
	return r;
}

static int freeze(const struct record *record, bool is_frozen)
{
	struct cgroup cgroup;
	int r = open_cgroup(record, &cgroup);

	if (r < 0)
		return r;
	r = cgroup_freeze(&cgroup, is_frozen, FREEZE_MS);
	cgroup_close(&cgroup);
	return r;
}

static int change(const struct runtime *runtime, const char *id, bool is_frozen)
{
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	_cleanup_arena_ struct arena arena = { 0 };
	struct record record;
	int status = container_hold_status(runtime, id, &arena, &slot, &record);

	if (status < 0)
		return status;
	if (is_frozen && status != OCI_STATUS_CREATED && status != OCI_STATUS_RUNNING)
		return err_refuse("container not running");
	if (!is_frozen && status != OCI_STATUS_PAUSED)
		return err_refuse("container not paused");
	return freeze(&record, is_frozen);
}

int container_pause(const struct runtime *runtime, const char *id)
{
	return change(runtime, id, true);
}

int container_resume(const struct runtime *runtime, const char *id)
{
	return change(runtime, id, false);
}
