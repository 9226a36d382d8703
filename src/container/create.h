/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create - make a container from a bundle, and run one. */
#pragma once

#include <stdbool.h>

#include "container/runtime.h"

/* Where the container's socket for sd_notify(3) is to be: as $NOTIFY_SOCKET says, or as is known. */
enum notify_wish { NOTIFY_AS_ASKED, NOTIFY_ALWAYS, NOTIFY_NEVER };

struct create_options {
	const char *id;
	const char *bundle;         /* NULL: the current directory */
	const char *config;         /* NULL: the bundle's config.json */
	const char *console_socket; /* paths may be relative to the current directory */
	const char *pidfd_socket;
	const char *pid_file;
	bool no_pivot;
	bool no_new_keyring;
	bool is_detached;
	bool is_kept;      /* run: do not delete it at the end */
	bool no_subreaper; /* run: do not adopt the container's orphans */
	unsigned preserve_fds;
	enum notify_wish notify;
};

/* Create the container; it waits for container_start(). */
int container_create(const struct runtime *runtime, const struct create_options *options);

/*
 * Create and start it.  In the foreground: wait for its end, delete it, and
 * return the process's exit status; detached: return 0.
 */
int container_run(const struct runtime *runtime, const struct create_options *options);
