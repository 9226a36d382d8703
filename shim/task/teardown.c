/* SPDX-License-Identifier: GPL-2.0-or-later */
/* teardown - take back what a container is, whatever state it is in. May block. */
#include "shim/task/teardown.h"

#include "base/child.h"
#include "base/err.h"
#include "shim/loop/note.h"
#include "shim/task/mounts.h"

#define DELETE_MS 60000

int teardown(const struct runtime *runtime, const char *id, const char *rootfs)
{
	_cleanup_args_ struct args args = { 0 };
	_cleanup_buf_ struct buf said = { 0 };

	if (runtime) {
		runtime_args(runtime, "delete", &args);
		args_add(&args, "--force");
		args_add(&args, "%s", id);
		if (child_output(args.words, DELETE_MS, &said)) {
			note_recorded(NOTE_WARNING);
		}
	}
	return rootfs ? mounts_undo(rootfs) : 0;
}
