/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfile - a file with a pid: all of it or nothing. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Start with PIDFILE_NONE. */
struct pidfile {
	char *path;
	char *beside; /* what it is called before it is renamed to that; NULL: it is */
	bool is_named;
	int fd;
};

#define PIDFILE_NONE        \
	{                   \
		.fd = NO_FD \
	}

/*
 * Make the file that is to become PATH (absolute) in its directory, without a name where that is
 * possible: what fails fails here.
 */
int pidfile_reserve(const char *path, struct pidfile *ret_file);

/* Readers take the whole content for the number: it has no newline and appears in one go. */
int pidfile_write(struct pidfile *file, pid_t pid);

/* Take the file back, written or not; nothing is recorded but a failure to unlink it. */
int pidfile_remove(struct pidfile *file);

/* What was reserved and not written goes, what was written stays. */
void pidfile_release(struct pidfile *file);
