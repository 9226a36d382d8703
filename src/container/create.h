/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create - make a container from a bundle, and run one. */
#pragma once

#include <stdbool.h>

#include "container/runtime.h"

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
};

/* Create the container; it waits for container_start(). */
int container_create(const struct runtime *runtime, const struct create_options *options);

/*
 * Create and start it.  In the foreground: wait for its end, delete it, and
 * return the process's exit status; detached: return 0.
 */
int container_run(const struct runtime *runtime, const struct create_options *options);
