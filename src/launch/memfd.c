/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memfd - bytes in a file of their own that nobody can change any more. */
#include "launch/memfd.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/syscalls.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* Kernels before 6.3 know neither flag nor seal of executable memfds. */
static int create(const char *name, bool is_program)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(name, flags | (is_program ? MFD_EXEC : 0));

	if (fd < 0 && errno == EINVAL && is_program)
		fd = memfd_create(name, flags);
	/* With the sysctl at 2 no memfd may be executed, and there is nothing else that may be. */
	if (fd < 0 && errno == EACCES && is_program)
		return err_sys(errno, "memfd_create (is sysctl vm.memfd_noexec 2?)");
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

int memfd_sealed(const char *name, const void *bytes, size_t size, bool is_program)
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
