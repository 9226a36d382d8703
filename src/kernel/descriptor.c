/* SPDX-License-Identifier: GPL-2.0-or-later */
/* descriptor - what a descriptor of ours is. */
#include "kernel/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"

/* What the kernel knows now: no file server is asked. */
static int look(int fd, struct statx *ret_about)
{
	return (int)syscall(SYS_statx, fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
			    STATX_TYPE | STATX_MODE | STATX_INO | STATX_MNT_ID, ret_about);
}

/* Consoles, terminals and ptys. */
static bool is_terminal(const struct statx *about)
{
	return S_ISCHR(about->stx_mode) &&
	       (about->stx_rdev_major == 4 || about->stx_rdev_major == 5 ||
		(about->stx_rdev_major >= 136 && about->stx_rdev_major <= 143));
}

static bool is_null(const struct statx *about)
{
	return S_ISCHR(about->stx_mode) && about->stx_rdev_major == 1 &&
	       about->stx_rdev_minor == 3;
}

/* One that has a path is in the file system of that. */
static bool is_pipe(int fd, const struct statx *about)
{
	struct statfs system;

	return S_ISFIFO(about->stx_mode) && fstatfs(fd, &system) == 0 &&
	       (uint32_t)system.f_type == PIPEFS_MAGIC;
}

void descriptor_name(int fd, char ret_name[DESCRIPTOR_NAME_SIZE])
{
	struct statx about;

	ret_name[0] = '\0';
	if (look(fd, &about) < 0 || S_ISSOCK(about.stx_mode) || is_terminal(&about))
		return;
	if (is_pipe(fd, &about))
		snprintf(ret_name, DESCRIPTOR_NAME_SIZE, "pipe:[%" PRIu64 "]",
			 (uint64_t)about.stx_ino);
	else if ((about.stx_mask & STATX_MNT_ID) && (about.stx_mode & S_IFMT))
		snprintf(ret_name, DESCRIPTOR_NAME_SIZE, "%s" DESCRIPTOR_FILE "%x:%" PRIx64 "]",
			 is_null(&about) ? DESCRIPTOR_NULL : "", (unsigned)about.stx_mnt_id,
			 (uint64_t)about.stx_ino);
}

int descriptor_look(int fd, struct descriptor_place *ret_place)
{
	struct statx about;

	if (look(fd, &about) < 0)
		return err_sys(errno, "stat descriptor %d", fd);
	*ret_place = (struct descriptor_place){
		.mount = (int)about.stx_mnt_id,
		.is_root = (about.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0,
		.mode = about.stx_mode,
	};
	return 0;
}
