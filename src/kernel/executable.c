/* SPDX-License-Identifier: GPL-2.0-or-later */
/* executable - find a program as execvp(3) would, and say why it cannot be executed. */
#include "kernel/executable.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

/* Below another root, without being there. */
static int stat_in(const struct executable_search *search, const char *path,
		   struct stat *ret_status)
{
	_cleanup_close_ int fd = NO_FD;
	char joined[PATH_MAX];
	const char *base = path[0] == '/' ? "" : search->cwd;

	if (snprintf(joined, sizeof(joined), "%s/%s", base, path) >= (int)sizeof(joined))
		return -ENAMETOOLONG;
	fd = fd_open_in(search->root, joined, O_PATH);
	if (fd < 0) {
		err_clear();
		return fd;
	}
	return fstat(fd, ret_status) < 0 ? -errno : 0;
}

/* 0, or why PATH cannot be executed; managers tell these apart by their words. */
static int check(const struct executable_search *search, const char *path)
{
	bool is_ours = search->root == AT_FDCWD;
	struct stat status;
	int result = 0;

	if (!is_ours)
		result = stat_in(search, path, &status);
	else if (stat(path, &status) < 0)
		result = -errno;
	if (result < 0)
		return result;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode) || !(status.st_mode & 0111))
		return -EACCES;
	if (is_ours && faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 && errno == EACCES)
		return -EACCES;
	return 0;
}

static int find_by_name(const struct executable_search *search, const char *name,
			char *ret_path, size_t size)
{
	int result = check(search, name);

	if (result == -ENOENT || result == -ENOTDIR)
		return err_sys(-result, "exec: \"%s\": stat %s", name, name);
	/* The kernel's answer would be EACCES, and some managers know that one only. */
	if (result == -EISDIR)
		return err_sys(EACCES, "exec: \"%s\": is a directory", name);
	if (result)
		return err_sys(-result, "exec: \"%s\"", name);
	if (snprintf(ret_path, size, "%s", name) >= (int)size)
		return err_sys(ENAMETOOLONG, "exec: \"%s\"", name);
	return 0;
}

static int find_in_path(const struct executable_search *search, const char *name,
			char *ret_path, size_t size)
{
	const char *directories = search->directories;

	while (true) {
		size_t part = strcspn(directories, ":");
		int length = snprintf(ret_path, size, "%.*s/%s", (int)part, directories, name);

		/* An empty entry is the working directory; Go and so runc look there, too. */
		if (part == 0)
			length = snprintf(ret_path, size, "./%s", name);
		if (length > 0 && (size_t)length < size && check(search, ret_path) == 0)
			return 0;
		if (!directories[part])
			break;
		directories += part + 1;
	}
	return err_refuse("exec: \"%s\": executable file not found in $PATH", name);
}

int executable_find(const struct executable_search *search, const char *name, char *ret_path,
		    size_t size)
{
	if (strchr(name, '/'))
		return find_by_name(search, name, ret_path, size);
	return find_in_path(search, name, ret_path, size);
}
