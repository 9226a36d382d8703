/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfile - a file with a pid: all of it or nothing. */
#include "launch/pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"

/*
 * Without a name nothing is left of it should we be killed.  Not every file system knows such files;
 * open(2), O_TMPFILE.
 */
static int open_unnamed(const char *path)
{
	_cleanup_free_ char *directory = xprintf("%.*s.", (int)(path_name(path) - path), path);

	return open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
}

static int open_beside(struct pidfile *file)
{
	file->fd = open_unnamed(file->path);
	if (file->fd >= 0)
		return 0;
	file->fd =
		fd_open(AT_FDCWD, file->beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
	file->is_named = file->fd >= 0;
	return file->is_named ? 0 : file->fd;
}

/* The file takes the place of what is there, which must not be lost: a device, a socket. */
static int check_place(const char *path)
{
	struct stat status;

	if (lstat(path, &status) < 0 || S_ISREG(status.st_mode) || S_ISLNK(status.st_mode))
		return 0;
	if (S_ISDIR(status.st_mode))
		return err_sys(EISDIR, "%s", path);
	return err_refuse("%s: not a regular file", path);
}

int pidfile_reserve(const char *path, struct pidfile *ret_file)
{
	const char *name = path_name(path);
	struct pidfile file = PIDFILE_NONE;

	if (check_place(path))
		return err_code();
	file.path = xstrdup(path);
	file.beside = xprintf("%.*s.%s.%d", (int)(name - path), path, name, getpid());
	if (open_beside(&file)) {
		err_while("%s", path);
		pidfile_release(&file);
		return err_code();
	}
	*ret_file = file;
	return 0;
}

static int give_name(struct pidfile *file)
{
	char unnamed[32];

	if (file->is_named)
		return 0;
	snprintf(unnamed, sizeof(unnamed), "/proc/self/fd/%d", file->fd);
	if (linkat(AT_FDCWD, unnamed, AT_FDCWD, file->beside, AT_SYMLINK_FOLLOW) < 0)
		return err_sys(errno, "%s: name it", file->path);
	file->is_named = true;
	return 0;
}

int pidfile_write(struct pidfile *file, pid_t pid)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", pid);

	if (fd_write_all(file->fd, text, (size_t)size))
		return err_while("%s", file->path);
	if (give_name(file))
		return err_code();
	if (rename(file->beside, file->path) < 0)
		return err_sys(errno, "%s: rename %s", file->path, file->beside);
	free(file->beside);
	file->beside = NULL;
	return 0;
}

int pidfile_remove(struct pidfile *file)
{
	const char *path = file->beside ? file->beside : file->path;

	if (file->is_named && unlink(path) < 0 && errno != ENOENT)
		return err_sys(errno, "unlink %s", path);
	free(file->beside);
	file->beside = NULL;
	file->is_named = false;
	return 0;
}

void pidfile_release(struct pidfile *file)
{
	if (file->beside && file->is_named)
		unlink(file->beside);
	free(file->beside);
	free(file->path);
	fd_close(file->fd);
	*file = (struct pidfile)PIDFILE_NONE;
}
