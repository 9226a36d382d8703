/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroupfs - the directories and files of cgroup2, by descriptors. */
#include "cgroup/cgroupfs.h"

#include <errno.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "kernel/syscalls.h"

/* Somebody who makes cgroups as fast as we remove them shall not keep us for ever. */
#define REMOVALS_MAX 1000000

#define FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

static int open_resolved(int dir, const char *path, uint64_t resolve)
{
	struct open_how how = { .flags = FLAGS, .resolve = resolve };

	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

static bool is_cgroup2(int fd)
{
	struct statfs about;

	return fstatfs(fd, &about) == 0 && (unsigned long)about.f_type == CGROUP2_SUPER_MAGIC;
}

int cgroupfs_open_mount(const char *mount)
{
	_cleanup_close_ int fd = NO_FD;

	if (!*mount)
		return err_refuse("cgroup v2 is not mounted on this host: mount it, for "
				  "example with mount -t cgroup2 none /sys/fs/cgroup");
	fd = open_resolved(AT_FDCWD, mount, RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return err_sys(errno, "open %s", mount);
	if (!is_cgroup2(fd))
		return err_refuse("%s is not a cgroup2 file system", mount);
	return fd_take(&fd);
}

int cgroupfs_open_path(const char *path)
{
	_cleanup_close_ int fd = NO_FD;
	_cleanup_close_ int parent = NO_FD;

	if (path[0] != '/' || strstr(path, "/../") || strcmp(path_name(path), "..") == 0)
		return err_refuse("%s is no path of a cgroup", path);
	fd = open_resolved(AT_FDCWD, path, RESOLVE_NO_SYMLINKS);
	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0)
		return err_sys(errno, "open %s", path);
	if (!is_cgroup2(fd))
		return err_refuse("%s is not in a cgroup2 file system", path);
	parent = openat(fd, "..", FLAGS);
	if (parent < 0)
		return err_sys(errno, "open %s/..", path);
	if (!is_cgroup2(parent))
		return err_refuse("%s is the root cgroup", path);
	return fd_take(&fd);
}

int cgroupfs_open_child(int dir, const char *name)
{
	int fd = open_resolved(dir, name,
			       RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);

	if (fd < 0)
		return err_sys(errno, "open cgroup %s", name);
	return fd;
}

int cgroupfs_try_write(int dir, const char *file, const char *text)
{
	_cleanup_close_ int fd = openat(dir, file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return -errno;
	return 0;
}

int cgroupfs_try_read(int dir, const char *file, char *text, size_t size)
{
	_cleanup_close_ int fd = openat(dir, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, text, size - 1);
	if (n < 0)
		return -errno;
	if (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return 0;
}

int cgroupfs_try_read_key(int dir, const char *file, const char *key, unsigned long long *ret)
{
	size_t length = strlen(key);
	char text[1024] = "";
	int r = cgroupfs_try_read(dir, file, text, sizeof(text));

	if (r < 0)
		return r;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, length) == 0 && line[length] == ' ') {
			*ret = strtoull(line + length + 1, NULL, 10);
			return 0;
		}
	}
	return -ENODATA;
}

bool cgroupfs_has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (*list) {
		size_t size = strcspn(list, " ");

		if (size == length && memcmp(list, word, size) == 0)
			return true;
		list += size;
		list += *list == ' ';
	}
	return false;
}

/* The next entry that is a cgroup, or NULL. */
static struct dirent *next_child(DIR *stream)
{
	struct dirent *entry;

	while ((entry = readdir(stream)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			return entry;
	return NULL;
}

static int enter(struct cgroup_walk *walk, int dir, const char *name, int *ret_dir)
{
	_cleanup_close_ int fd = NO_FD;

	if (walk->depth == CGROUP_DEPTH_MAX)
		return err_sys(ELOOP, "cgroups are nested too deep");
	fd = openat(dir, name, FLAGS | O_NOFOLLOW);
	if (fd < 0 && (errno == ENOENT || errno == ENODEV))
		return 0; /* it went while we looked */
	if (fd < 0)
		return err_sys(errno, "open cgroup %s", name);
	walk->levels[walk->depth] = fdopendir(fd);
	if (!walk->levels[walk->depth])
		return err_sys(errno, "list cgroup %s", name);
	*ret_dir = fd_take(&fd);
	walk->depth++;
	return 1;
}

int cgroup_walk_next(struct cgroup_walk *walk, int *ret_dir)
{
	if (!walk->is_started) {
		walk->is_started = true;
		return enter(walk, walk->top, ".", ret_dir);
	}
	while (walk->depth > 0) {
		DIR *stream = walk->levels[walk->depth - 1];
		struct dirent *child = next_child(stream);
		int r;

		if (!child) {
			closedir(stream);
			walk->depth--;
			continue;
		}
		r = enter(walk, dirfd(stream), child->d_name, ret_dir);
		if (r != 0)
			return r;
	}
	return 0;
}

void cgroup_walk_end(struct cgroup_walk *walk)
{
	while (walk->depth > 0)
		closedir(walk->levels[--walk->depth]);
}

enum removal { REMOVED_ALL, REMOVAL_DESCENDS, REMOVAL_BUSY };

/*
 * Remove the children of DIR until one has children of its own, which is then
 * *ret_child.  Returns an enum removal, or a failure.
 */
static int remove_level(int dir, long *budget, int *ret_child)
{
	int copy = openat(dir, ".", FLAGS);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	int result = REMOVED_ALL;

	if (!stream) {
		fd_close(copy);
		return err_sys(errno, "list a cgroup");
	}
	while (result == REMOVED_ALL && (entry = next_child(stream))) {
		if (unlinkat(dir, entry->d_name, AT_REMOVEDIR) == 0 || errno == ENOENT) {
			if (--*budget < 0)
				result = REMOVAL_BUSY;
			continue;
		}
		if (errno != EBUSY) {
			result = err_sys(errno, "remove cgroup %s", entry->d_name);
			break;
		}
		*ret_child = openat(dir, entry->d_name, FLAGS | O_NOFOLLOW);
		result = *ret_child < 0 ? REMOVAL_BUSY : REMOVAL_DESCENDS;
	}
	closedir(stream);
	return result;
}

static bool has_children(int dir)
{
	int copy = openat(dir, ".", FLAGS);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	bool found;

	if (!stream) {
		fd_close(copy);
		return false;
	}
	found = next_child(stream) != NULL;
	closedir(stream);
	return found;
}

/*
 * One descriptor at a time, so that no depth is too deep: go down into the first
 * child that cannot be removed yet, up again when a level is empty.
 */
int cgroupfs_remove_children(int dir)
{
	_cleanup_close_ int here = openat(dir, ".", FLAGS);
	long budget = REMOVALS_MAX;
	int depth = 0;

	if (here < 0)
		return err_sys(errno, "list a cgroup");
	for (;;) {
		int next = NO_FD;
		int r = remove_level(here, &budget, &next);

		if (r < 0)
			return r;
		if (r == REMOVED_ALL && depth == 0)
			return 0;
		if (r == REMOVAL_BUSY || (r == REMOVAL_DESCENDS && !has_children(next))) {
			fd_close(next);
			return -EBUSY;
		}
		if (r == REMOVED_ALL)
			next = openat(here, "..", FLAGS);
		if (next < 0)
			return err_sys(errno, "leave a cgroup");
		depth += r == REMOVAL_DESCENDS ? 1 : -1;
		fd_close(here);
		here = next;
	}
}
