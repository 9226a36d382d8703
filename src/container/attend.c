/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attend - stay with a container in the foreground, and delete it at its end. */
#include "container/attend.h"

#include "base/err.h"
#include "container/delete.h"
#include "container/state.h"
#include "launch/supervise.h"

/*
 * Is the container still there, and ours to delete? Others may have changed its record: what is in
 * it then lives in ARENA.
 */
static int hold_again(struct launch *launch, struct arena *arena)
{
	int r = store_lock(&launch->slot, CONTAINER_LOCK_MS);

	if (r < 0)
		return r;
	if (launch->slot.fd < 0)
		return err_refuse("container does not exist");
	if (store_is_as_left(&launch->slot))
		return 0;
	return container_read(&launch->slot, arena, &launch->record);
}

/* The lock is given back: others may look at, kill and delete what runs in the foreground. */
int container_attend(const struct create_options *options, struct launch *launch,
		     struct notify *notify)
{
	_cleanup_arena_ struct arena arena = { 0 };
	int status;

	if (store_unlock(&launch->slot))
		return err_code();
	status = supervise_run(launch->child.pid, launch->child.pidfd, launch->console, notify);
	if (status < 0 || options->is_kept)
		return status;
	if (hold_again(launch, &arena)) {
		err_clear(); /* somebody has deleted it */
		return status;
	}
	return container_cleanup(&launch->slot, &launch->record) ? err_code() : status;
}
