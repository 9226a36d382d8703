/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pty - a new pseudo terminal of a given devpts. */
#include "kernel/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include "base/err.h"
#include "base/fd.h"

/* What is opened under the name "ptmx" must be of a devpts and not a file of an image. */
static int open_master(int devpts)
{
	_cleanup_close_ int master =
		openat(devpts, "ptmx", O_RDWR | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
	struct statfs status;

	if (master < 0)
		return err_sys(errno, "open ptmx");
	if (fstatfs(master, &status) < 0)
		return err_sys(errno, "fstatfs ptmx");
	if (status.f_type != DEVPTS_SUPER_MAGIC)
		return err_refuse("ptmx is not on a devpts file system");
	return fd_take(&master);
}

int pty_open(int devpts, struct pty *ret_pty)
{
	_cleanup_close_ int master = open_master(devpts);
	unsigned number;
	int unlocked = 0;
	int slave;

	if (master < 0)
		return master;
	if (ioctl(master, TIOCSPTLCK, &unlocked) < 0)
		return err_sys(errno, "unlock the terminal");
	if (ioctl(master, TIOCGPTN, &number) < 0)
		return err_sys(errno, "number of the terminal");
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return err_sys(errno, "open the slave of terminal %u", number);
	*ret_pty = (struct pty){ fd_take(&master), slave, number };
	return 0;
}

int pty_set_size(int fd, uint16_t height, uint16_t width)
{
	struct winsize size;

	if (height == 0 && width == 0)
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &size) < 0)
		return err_sys(errno, "get the size of the terminal");
	if (height > 0)
		size.ws_row = height;
	if (width > 0)
		size.ws_col = width;
	if (ioctl(fd, TIOCSWINSZ, &size) < 0)
		return err_sys(errno, "set the size of the terminal");
	return 0;
}

int pty_control(int terminal)
{
	if (ioctl(terminal, TIOCSCTTY, 0) < 0)
		return err_sys(errno, "set the controlling terminal");
	return 0;
}
