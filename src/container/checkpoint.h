/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checkpoint - save the processes of a container, by CRIU. */
#pragma once

#include <stdbool.h>

#include "container/runtime.h"
#include "criu/request.h"

struct checkpoint_options {
	const char *id;
	const char *image_path;          /* NULL: "checkpoint" in the current directory */
	const char *work_path;           /* NULL: the images' */
	const char *page_server_address; /* NULL: none */
	int page_server_port;
	int status_fd; /* NO_FD: none */
	bool is_pre_dump;
	struct criu_flags flags;
};

/*
 * Save the running or paused container's processes.  They are ended by that, and what is left
 * of the container is deleted, unless the flags say leave_running or it is a pre-dump.
 */
int container_checkpoint(const struct runtime *runtime,
			 const struct checkpoint_options *options);
