/* SPDX-License-Identifier: GPL-2.0-or-later */
/* copyup - fill a new tmpfs with what it covers ("tmpcopyup"). */
#include "init/copyup.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/syscalls.h"

#define DEPTH_MAX 64

/* As getdents64(2) writes them. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short size;
	unsigned char type;
	char name[];
};

static int copy_directory(int from, int to, int depth);

static int copy_bytes(int from, int to)
{
	char bytes[16384];
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0)
		if (fd_write_all(to, bytes, (size_t)n))
			return err_code();
	return n < 0 ? err_sys(errno, "read") : 0;
}

static int copy_file(int from, int to, const char *name)
{
	_cleanup_close_ int in = fd_open(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	_cleanup_close_ int out = NO_FD;
	struct stat status;

	if (in < 0)
		return in;
	/* A neighbour who shares the volume may have put another thing in its place. */
	if (fstat(in, &status) < 0 || !S_ISREG(status.st_mode))
		return err_refuse("%s is no file any more", name);
	out = fd_open(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	return out < 0 ? out : copy_bytes(in, out);
}

static int copy_symlink(int from, int to, const char *name)
{
	char link[PATH_MAX];
	ssize_t size = readlinkat(from, name, link, sizeof(link) - 1);

	if (size < 0)
		return err_sys(errno, "readlink %s", name);
	link[size] = '\0';
	if (symlinkat(link, to, name) < 0)
		return err_sys(errno, "symlink %s", name);
	return 0;
}

static int copy_subdirectory(int from, int to, const char *name, int depth)
{
	_cleanup_close_ int in = fd_open(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	_cleanup_close_ int out = NO_FD;

	if (in < 0)
		return in;
	if (mkdirat(to, name, 0700) < 0)
		return err_sys(errno, "mkdir %s", name);
	out = fd_open(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	return out < 0 ? out : copy_directory(in, out, depth + 1);
}

static int copy_special(int to, const char *name, const struct stat *status)
{
	if (S_ISSOCK(status->st_mode))
		return 0; /* nobody listens on a copy */
	if (mknodat(to, name, status->st_mode, status->st_rdev) < 0)
		return err_sys(errno, "mknod %s", name);
	return 0;
}

static int copy_attributes(int to, const char *name, const struct stat *status)
{
	struct timespec times[] = { status->st_atim, status->st_mtim };

	if (fchownat(to, name, status->st_uid, status->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(errno, "chown %s", name);
	if (!S_ISLNK(status->st_mode) && fchmodat(to, name, status->st_mode & 07777, 0) < 0)
		return err_sys(errno, "chmod %s", name);
	if (utimensat(to, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(errno, "set times of %s", name);
	return 0;
}

static int copy_entry(int from, int to, const char *name, int depth)
{
	struct stat status;
	int result;

	if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(errno, "stat %s", name);
	if (S_ISREG(status.st_mode))
		result = copy_file(from, to, name);
	else if (S_ISDIR(status.st_mode))
		result = copy_subdirectory(from, to, name, depth);
	else if (S_ISLNK(status.st_mode))
		result = copy_symlink(from, to, name);
	else
		result = copy_special(to, name, &status);
	if (result || S_ISSOCK(status.st_mode))
		return result;
	return copy_attributes(to, name, &status);
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int copy_entries(int from, int to, char *bytes, long size, int depth)
{
	for (long at = 0; at < size;) {
		const struct entry *entry = (const struct entry *)(bytes + at);

		at += entry->size;
		if (!is_dots(entry->name) && copy_entry(from, to, entry->name, depth))
			return err_while("%s", entry->name);
	}
	return 0;
}

static int copy_directory(int from, int to, int depth)
{
	char bytes[2048] __attribute__((aligned(8)));
	long size;

	if (depth > DEPTH_MAX)
		return err_sys(ELOOP, "more than %d directories in each other", DEPTH_MAX);
	while ((size = syscall(SYS_getdents64, from, bytes, sizeof(bytes))) > 0)
		if (copy_entries(from, to, bytes, size, depth))
			return err_code();
	return size < 0 ? err_sys(errno, "read directory") : 0;
}

int copyup(int from, int to)
{
	_cleanup_close_ int in = fd_open(from, ".", O_RDONLY | O_DIRECTORY, 0);
	_cleanup_close_ int out = fd_open(to, ".", O_RDONLY | O_DIRECTORY, 0);

	if (in < 0 || out < 0)
		return err_code();
	return copy_directory(in, out, 0);
}
