/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fd - file descriptors that close themselves and stay inside their root. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"

/* The empty descriptor; closing it is a no-op rather than a bug. */
#define NO_FD (-9) /* -EBADF */

void fd_close(int fd); /* keeps errno, ignores NO_FD */
static inline void fd_closep(const int *fd)
{
	fd_close(*fd);
}
#define _cleanup_close_ _cleanup_(fd_closep)

/* Hand over a descriptor, leaving NO_FD behind. */
static inline int fd_take(int *fd)
{
	int taken = *fd;

	*fd = NO_FD;
	return taken;
}

/* openat(2) with O_CLOEXEC; MODE counts with O_CREAT only.  Returns a descriptor. */
int fd_open(int dir, const char *path, int flags, mode_t mode);

/*
 * Open PATH as seen from a process whose / is ROOT: no "..", symlink or magic
 * link leads out of it.  O_CLOEXEC is implied.  Returns a descriptor.
 */
int fd_open_in(int root, const char *path, int flags);

/*
 * Write SIZE bytes in one write(2), as kernel control files want it, to
 * DIR/NAME, which must exist.
 */
int fd_write_file(int dir, const char *name, const char *text);

/* Write all of BYTES, going on after short writes and EINTR. */
int fd_write_all(int fd, const void *bytes, size_t size);

/*
 * Read until the end, at most SIZE bytes.  Returns how many; -EFBIG without a
 * record when there were more, any other failure with one.
 */
ssize_t fd_read_all(int fd, void *bytes, size_t size);

/*
 * Read a file of SIZE bytes, as fstat(2) has it, into BYTES, where there is room for one more.
 * Returns how many there are now; -EFBIG without a record when it has grown, any other failure
 * with one.
 */
ssize_t fd_read_sized(int fd, void *bytes, size_t size);

/* Read DIR/NAME into TEXT (terminated, without a final newline).  Returns its length. */
ssize_t fd_read_file(int dir, const char *name, char *text, size_t size);

/*
 * The same for a file that the kernel makes up as one record, as most of /proc and all control
 * files are: the first read(2) gives the whole of it, where there is room.
 */
ssize_t fd_read_record(int dir, const char *name, char *text, size_t size);

bool fd_is_directory(int fd);
