/* SPDX-License-Identifier: GPL-2.0-or-later */
/* target - find, or make, the place in the container where something is mounted. */
#include "kernel/target.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/syscalls.h"

#define LINKS_MAX 40

/* Open the first SIZE bytes of PATH; -ENOENT is not recorded. */
static int open_prefix(int root, const char *path, size_t size)
{
	char prefix[PATH_MAX];
	int fd;

	snprintf(prefix, sizeof(prefix), "%.*s", (int)size, size ? path : "/");
	fd = fd_open_in(root, size ? prefix : "/", O_PATH);
	if (fd == -ENOENT)
		err_clear();
	return fd;
}

/* The first SIZE bytes of PATH without their last component. */
static size_t parent_size(const char *path, size_t size)
{
	while (size > 0 && path[--size] != '/')
		;
	return size;
}

/*
 * How much is there of PATH's first SIZE bytes, and a descriptor of it: "/a/b" of "/a/b/c/d".
 * *RET_SIZE is the length of that part.
 */
static int open_existing(int root, const char *path, size_t size, size_t *ret_size)
{
	int fd;

	while ((fd = open_prefix(root, path, size)) == -ENOENT && size > 0)
		size = parent_size(path, size);
	*ret_size = size;
	return fd;
}

/* Make one component below DIR; what is there by now is as good. */
static int make(int dir, const char *name, enum target_kind kind)
{
	_cleanup_close_ int fd = NO_FD;

	if (kind == TARGET_DIRECTORY) {
		if (mkdirat(dir, name, 0755) < 0 && errno != EEXIST)
			return err_sys(errno, "mkdir %s", name);
		return fd_open(dir, name, O_PATH | O_NOFOLLOW | O_DIRECTORY, 0);
	}
	fd = openat(dir, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0 && errno != EEXIST)
		return err_sys(errno, "create %s", name);
	return fd_open(dir, name, O_PATH | O_NOFOLLOW, 0);
}

/*
 * NAME in DIR is a symlink to nothing: continue with what it points to.  PATH
 * becomes that and the REST behind it.
 */
static int follow(int dir, const char *name, char *path, size_t parent_size, const char *rest)
{
	char link[PATH_MAX], joined[PATH_MAX];
	ssize_t size = readlinkat(dir, name, link, sizeof(link) - 1);
	int length;

	if (size < 0)
		return -errno;
	link[size] = '\0';
	if (link[0] == '/')
		length = snprintf(joined, sizeof(joined), "%s%s", link, rest);
	else
		length = snprintf(joined, sizeof(joined), "%.*s/%s%s", (int)parent_size, path,
				  link, rest);
	if (length < 0 || (size_t)length >= sizeof(joined))
		return err_sys(ENAMETOOLONG, "symlink %s", name);
	memcpy(path, joined, (size_t)length + 1);
	return 1;
}

/*
 * Make the first missing component of PATH, SIZE bytes of which are open as
 * DIR, or follow it if it is a symlink.  Returns 0 when PATH has changed, else
 * a descriptor of what was made; *RET_SIZE is its length then.
 */
static int step(int dir, char *path, size_t size, enum target_kind kind, size_t *ret_size)
{
	const char *start = path + size + strspn(path + size, "/");
	size_t length = strcspn(start, "/");
	const char *rest = start + length;
	bool is_last = rest[strspn(rest, "/")] == '\0';
	char name[NAME_MAX + 1];
	int followed, fd;

	if (length > NAME_MAX)
		return err_sys(ENAMETOOLONG, "%s", path);
	memcpy(name, start, length);
	name[length] = '\0';
	/* Only a link's text has these: below what is not there, the kernel finds them not, either. */
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return err_sys(ENOENT, "%s", path);
	followed = follow(dir, name, path, size, rest);
	if (followed > 0)
		return 0;
	if (followed < 0 && err_last()->code)
		return followed;
	fd = make(dir, name, is_last ? kind : TARGET_DIRECTORY);
	*ret_size = (size_t)(rest - path);
	return fd;
}

/*
 * Make what is missing of PATH behind the SIZE bytes that are open as DIR, which is consumed; 0:
 * PATH has changed.
 */
static int make_rest(int dir, char *path, size_t size, enum target_kind kind)
{
	_cleanup_close_ int current = dir;

	while (path[size + strspn(path + size, "/")]) {
		int next = step(current, path, size, kind, &size);

		if (next <= 0)
			return next;
		fd_close(current);
		current = next;
	}
	return fd_take(&current);
}

/* WANTED is not there, not all of it. */
static int make_missing(int root, const char *wanted, enum target_kind kind, bool *ret_is_new)
{
	size_t size = strlen(wanted);
	char path[PATH_MAX];

	if (size >= sizeof(path))
		return err_sys(ENAMETOOLONG, "%s", wanted);
	memcpy(path, wanted, size + 1);
	size = parent_size(path, size);
	for (int links = 0; links < LINKS_MAX; links++, size = strlen(path)) {
		_cleanup_close_ int fd = open_existing(root, path, size, &size);
		int made;

		if (fd < 0)
			return fd;
		if (ret_is_new)
			*ret_is_new = path[size] != '\0';
		if (!path[size] && fd_is_directory(fd) != (kind == TARGET_DIRECTORY))
			return err_sys(ENOTDIR, "open %s in rootfs", wanted);
		if (!path[size])
			return fd_take(&fd);
		made = make_rest(fd_take(&fd), path, size, kind);
		if (made)
			return made < 0 ? err_while("make mount point %s", wanted) : made;
	}
	return err_sys(ELOOP, "open %s in rootfs", wanted);
}

int target_find(int root, const char *path)
{
	int fd = fd_open_in(root, path, O_PATH);

	if (fd == -ENOENT)
		err_clear();
	return fd;
}

int target_open(int root, const char *path, enum target_kind kind, bool *ret_is_new)
{
	bool is_directory = kind == TARGET_DIRECTORY;
	int flags = O_PATH | (is_directory ? O_DIRECTORY : 0);
	_cleanup_close_ int fd = fd_open_in(root, path, flags);

	if (fd == -ENOENT) {
		err_clear();
		return make_missing(root, path, kind, ret_is_new);
	}
	if (fd < 0)
		return fd;
	if (!is_directory && fd_is_directory(fd))
		return err_sys(ENOTDIR, "open %s in rootfs", path);
	if (ret_is_new)
		*ret_is_new = false;
	return fd_take(&fd);
}
