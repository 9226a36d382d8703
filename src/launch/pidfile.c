/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfile - a file with a pid: all of it or nothing. */
#include "launch/pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"

int pidfile_reserve(const char *path, struct pidfile *ret_file)
{
	const char *name = path_name(path);
	_cleanup_free_ char *beside =
		xprintf("%.*s.%s.%d", (int)(name - path), path, name, getpid());
	int fd = fd_open(AT_FDCWD, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);

	if (fd < 0)
		return err_while("%s", path);
	*ret_file = (struct pidfile){ xstrdup(path), take(beside), fd };
	return 0;
}

int pidfile_write(struct pidfile *file, pid_t pid)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", pid);

	if (fd_write_all(file->fd, text, (size_t)size))
		return err_while("%s", file->path);
	if (rename(file->beside, file->path) < 0)
		return err_sys(errno, "%s: rename %s", file->path, file->beside);
	free(file->beside);
	file->beside = NULL;
	return 0;
}

int pidfile_remove(struct pidfile *file)
{
	const char *path = file->beside ? file->beside : file->path;

	if (path && unlink(path) < 0 && errno != ENOENT)
		return err_sys(errno, "unlink %s", path);
	free(file->beside);
	file->beside = NULL;
	return 0;
}

void pidfile_release(struct pidfile *file)
{
	if (file->beside)
		unlink(file->beside);
	free(file->beside);
	free(file->path);
	fd_close(file->fd);
	*file = (struct pidfile)PIDFILE_NONE;
}
