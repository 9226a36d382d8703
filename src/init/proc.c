/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc - write to files of procfs, and to nothing else. */
#include <errno.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/syscalls.h"

int proc_open(const struct init *init, const char *path)
{
	struct open_how how = {
		.flags = O_WRONLY | O_CLOEXEC | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
	};
	_cleanup_close_ int fd = (int)syscall(SYS_openat2, init->proc, path, &how, sizeof(how));
	struct statfs status;

	if (fd < 0)
		return err_sys(errno, "open /proc/%s", path);
	if (fstatfs(fd, &status) < 0 || status.f_type != PROC_FILE_MAGIC)
		return err_refuse("/proc/%s is not a file of procfs", path);
	return fd_take(&fd);
}

int proc_write(const struct init *init, const char *path, const char *text)
{
	_cleanup_close_ int fd = proc_open(init, path);

	if (fd < 0)
		return fd;
	if (write(fd, text, strlen(text)) < 0)
		return err_sys(errno, "write '%s' to /proc/%s", text, path);
	return 0;
}
