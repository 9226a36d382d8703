/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfd - which process a descriptor holds, and its end. */
#include "kernel/pidfd.h"

#include <errno.h>
#include <linux/stat.h>
#include <poll.h>
#include <sys/vfs.h>

#include "kernel/deadline.h"
#include "kernel/syscalls.h"

bool pidfd_has_ended(int pidfd, int timeout_ms)
{
	struct deadline deadline = deadline_in(timeout_ms);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int r;

	do {
		r = poll(&end, 1, deadline_left(&deadline));
	} while (r < 0 && errno == EINTR);
	return r == 1;
}

/* Before, all were one anonymous inode.  By statx(2), as it has 64 bits for it everywhere. */
uint64_t pidfd_inode(int pidfd)
{
	struct statfs status;
	struct statx about;

	if (fstatfs(pidfd, &status) < 0 || (uint32_t)status.f_type != PID_FILE_MAGIC ||
	    syscall(SYS_statx, pidfd, "", AT_EMPTY_PATH, STATX_INO, &about) < 0)
		return 0;
	return about.stx_ino;
}
