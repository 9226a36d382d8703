/* SPDX-License-Identifier: GPL-2.0-or-later */
/* descriptor - what a descriptor is, of ours or of another process. */
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

static void path_of(pid_t pid, int fd, char *path, size_t size)
{
	if (pid)
		snprintf(path, size, "/proc/%d/fd/%d", pid, fd);
	else
		snprintf(path, size, "/proc/self/fd/%d", fd);
}

/* One that has a path is in the file system of that. */
void descriptor_pipe(int fd, char ret_name[DESCRIPTOR_NAME_SIZE])
{
	struct statfs system;
	struct stat about;

	ret_name[0] = '\0';
	if (fstat(fd, &about) == 0 && S_ISFIFO(about.st_mode) && fstatfs(fd, &system) == 0 &&
	    (uint32_t)system.f_type == PIPEFS_MAGIC)
		snprintf(ret_name, DESCRIPTOR_NAME_SIZE, "pipe:[%" PRIu64 "]",
			 (uint64_t)about.st_ino);
}

void descriptor_name(pid_t pid, int fd, char ret_name[DESCRIPTOR_NAME_SIZE])
{
	char path[64];
	ssize_t n;

	path_of(pid, fd, path, sizeof(path));
	n = readlink(path, ret_name, DESCRIPTOR_NAME_SIZE);
	ret_name[n > 0 && n < DESCRIPTOR_NAME_SIZE ? n : 0] = '\0';
}

int descriptor_look(pid_t pid, int fd, struct descriptor_place *ret_place)
{
	struct statx about;
	char path[64];

	path_of(pid, fd, path, sizeof(path));
	if (syscall(SYS_statx, AT_FDCWD, path, 0, STATX_BASIC_STATS | STATX_MNT_ID, &about) < 0)
		return err_sys(errno, "stat %s", path);
	*ret_place = (struct descriptor_place){
		.mount = (int)about.stx_mnt_id,
		.is_root = (about.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0,
		.inode = about.stx_ino,
		.mode = about.stx_mode,
		.major = about.stx_rdev_major,
	};
	return 0;
}
