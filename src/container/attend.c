/* SPDX-License-Identifier: GPL-2.0-or-later */
/* attend - stay with a container in the foreground, and delete it at its end. */
#include "container/attend.h"

#include "base/err.h"
#include "container/delete.h"
#include "container/state.h"
#include "kernel/terminal.h"
#include "launch/supervise.h"

/* The lock is given back: others may look at, kill and delete what runs in the foreground. */
int container_attend(const struct runtime *runtime, const struct create_options *options,
		     struct launch *launch, struct notify *notify)
{
	_cleanup_arena_ struct arena arena = { 0 };
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	struct record record;
	int status;

	store_release(&launch->slot);
	if (launch->console >= 0 && terminal_leave_newlines(launch->console))
		err_clear(); /* it has ended already */
	status = supervise_run(launch->child.pid, launch->child.pidfd, launch->console, notify);
	if (status < 0 || options->is_kept)
		return status;
	if (container_hold(runtime, options->id, &arena, &slot, &record)) {
		err_clear(); /* somebody has deleted it */
		return status;
	}
	return container_cleanup(&slot, &record) ? err_code() : status;
}
