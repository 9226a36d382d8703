/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memfd - bytes in a file of their own that nobody can change any more. */
#include "launch/memfd.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/mountfd.h"
#include "kernel/syscalls.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* Kernels before 6.3 know neither flag nor seal of executable memfds. */
static int create(const char *name, bool is_program)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(name, flags | (is_program ? MFD_EXEC : 0));

	if (fd < 0 && errno == EINVAL && is_program)
		fd = memfd_create(name, flags);
	return fd < 0 ? err_sys(errno, "memfd_create") : fd;
}

/*
 * A program that its process may not read cannot be traced, nor its descriptors be looked at, by
 * who has no capability over the file's owner, as those have not who wait in a user namespace that
 * is joined; execve(2), "dumpable".  An ordinary user must stay able to write the id maps of his
 * own process.
 */
static mode_t mode_of(bool is_program)
{
	if (!is_program)
		return 0400;
	return geteuid() == 0 ? 0100 : 0500;
}

static int sealed(const char *name, const void *bytes, size_t size, bool is_program)
{
	_cleanup_close_ int fd = create(name, is_program);

	if (fd < 0)
		return fd;
	if (fd_write_all(fd, bytes, size))
		return err_while("memfd %s", name);
	if (fchmod(fd, mode_of(is_program)) < 0)
		return err_sys(errno, "fchmod of memfd %s", name);
	if (fcntl(fd, F_ADD_SEALS, SEALS | (is_program ? F_SEAL_EXEC : 0)) < 0 &&
	    fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return err_sys(errno, "seal memfd %s", name);
	return fd_take(&fd);
}

int memfd_sealed(const char *name, const void *bytes, size_t size)
{
	return sealed(name, bytes, size, false);
}

/* ---- where no memfd may be executed: sysctl vm.memfd_noexec is 2 ---- */

/* A file system that is mounted nowhere and has nothing else in it. */
static int make_filesystem(void)
{
	const struct mountfd_fs fs = { .type = "tmpfs", .source = "tmpfs" };

	return mountfd_new(&fs);
}

/* Who may not mount has the directory of the containers' states, if programs may be there. */
static int open_state_root(const char *path)
{
	_cleanup_close_ int fd = fd_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
	struct statvfs status;

	if (fd < 0)
		return fd;
	if (fstatvfs(fd, &status) < 0)
		return err_sys(errno, "statvfs %s", path);
	if (status.f_flag & ST_NOEXEC)
		return err_refuse("nothing to start a container with may be executed: sysctl "
				  "vm.memfd_noexec is 2, and %s is mounted noexec",
				  path);
	return fd_take(&fd);
}

/* A file without a name, which nobody can open any more for writing. */
static int write_program(int dir, const void *bytes, size_t size)
{
	_cleanup_close_ int written =
		openat(dir, ".", O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	char path[32];

	if (written < 0)
		return err_sys(errno, "make a file without a name");
	if (fd_write_all(written, bytes, size))
		return err_while("tare-init");
	if (fchmod(written, mode_of(true)) < 0)
		return err_sys(errno, "fchmod of tare-init");
	/* What is open for writing cannot be executed. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", written);
	return fd_open(AT_FDCWD, path, O_PATH, 0);
}

int memfd_program(const char *state_root, const void *bytes, size_t size)
{
	_cleanup_close_ int dir = NO_FD;
	int fd = sealed("tare-init", bytes, size, true);

	if (fd != -EACCES)
		return fd;
	err_clear();
	dir = make_filesystem();
	if (dir < 0) {
		err_clear();
		dir = open_state_root(state_root);
	}
	return dir < 0 ? dir : write_program(dir, bytes, size);
}
