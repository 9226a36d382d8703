/* SPDX-License-Identifier: GPL-2.0-or-later */
/* restore - make a container of a bundle and of processes that were saved. */
#pragma once

#include "container/create.h"
#include "criu/request.h"

struct restore_options {
	struct create_options create;
	const char *image_path; /* as of struct checkpoint_options */
	const char *work_path;
	struct criu_flags flags;
};

/*
 * Bring them back.  In the foreground: wait for the end, delete the container, and return the
 * process's exit status; detached: return 0.
 */
int container_restore(const struct runtime *runtime, const struct restore_options *options);
