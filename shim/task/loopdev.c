/* SPDX-License-Identifier: GPL-2.0-or-later */
/* loopdev - a file as a block device, loop(4). */
#include "shim/task/loopdev.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/err.h"
#include "base/fd.h"

/* Others look for a free one at the same time. */
enum { TRIES = 100 };

static int configure(int device, int file, const char *path, bool is_read_only, bool is_direct)
{
	struct loop_config config = { .fd = (uint32_t)file };

	config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
	if (is_read_only)
		config.info.lo_flags |= LO_FLAGS_READ_ONLY;
	if (is_direct)
		config.info.lo_flags |= LO_FLAGS_DIRECT_IO;
	snprintf((char *)config.info.lo_file_name, sizeof(config.info.lo_file_name), "%s",
		 path);
	return ioctl(device, LOOP_CONFIGURE, &config);
}

int loopdev_open(const char *path, bool is_read_only, bool is_direct,
		 char ret_device[LOOPDEV_PATH_SIZE])
{
	int mode = is_read_only ? O_RDONLY : O_RDWR;
	_cleanup_close_ int control = fd_open(AT_FDCWD, "/dev/loop-control", O_RDWR, 0);
	_cleanup_close_ int file = NO_FD;

	if (control < 0)
		return control;
	file = fd_open(AT_FDCWD, path, mode, 0);
	if (file < 0)
		return file;
	for (int i = 0; i < TRIES; i++) {
		_cleanup_close_ int device = NO_FD;
		int number = ioctl(control, LOOP_CTL_GET_FREE);

		if (number < 0)
			return err_sys(errno, "find a free loop device");
		snprintf(ret_device, LOOPDEV_PATH_SIZE, "/dev/loop%u", (unsigned)number);
		device = fd_open(AT_FDCWD, ret_device, mode, 0);
		if (device < 0)
			return device;
		if (configure(device, file, path, is_read_only, is_direct) == 0)
			return fd_take(&device);
		if (errno != EBUSY)
			return err_sys(errno, "bind %s to %s", path, ret_device);
	}
	return err_sys(EBUSY, "bind %s to a loop device", path);
}
