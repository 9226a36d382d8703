/* SPDX-License-Identifier: GPL-2.0-or-later */
/* destination - the client's side of a stream: a FIFO that is held open at both ends, or a file. */
#include "shim/io/destination.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"

static bool is_fifo(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

/* ENXIO: a FIFO that nobody reads. Our own reader must not be the one that lets us in. */
static int open_to_write(const char *path, int flags, int *ret_to, int *ret_keep)
{
	_cleanup_close_ int to =
		openat(AT_FDCWD, path,
		       O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags, 0644);
	int keep = NO_FD;

	if (to < 0 && errno == ENXIO)
		return -EAGAIN;
	if (to < 0)
		return err_sys(errno, "open %s", path);
	if (is_fifo(to)) {
		fcntl(to, F_SETFL, O_NONBLOCK);
		keep = fd_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK, 0);
		if (keep < 0)
			return keep;
	}
	*ret_to = fd_take(&to);
	*ret_keep = keep;
	return 0;
}

int destination_open_output(const char *path, int *ret_to, int *ret_keep)
{
	return open_to_write(path, 0, ret_to, ret_keep);
}

int destination_open_input(const char *path, int *ret_from, int *ret_keep)
{
	_cleanup_close_ int from = fd_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	int keep;

	if (from < 0)
		return from;
	keep = fd_open(AT_FDCWD, path, O_WRONLY | O_NONBLOCK | O_NOCTTY, 0);
	if (keep < 0)
		return keep;
	*ret_from = fd_take(&from);
	*ret_keep = keep;
	return 0;
}

static int make_parents(const char *path)
{
	_cleanup_free_ char *parent = xstrdup(path);

	for (char *slash = strchr(parent + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(parent, 0755) < 0 && errno != EEXIST)
			return err_sys(errno, "mkdir %s", parent);
		*slash = '/';
	}
	return 0;
}

/* What is there already may be a FIFO or a terminal, which would make the open or a write wait. */
int destination_open_file(const char *path, int *ret_to, int *ret_keep)
{
	if (make_parents(path))
		return err_code();
	return open_to_write(path, O_CREAT, ret_to, ret_keep);
}
