/* SPDX-License-Identifier: GPL-2.0-or-later */
/* terminal - our own terminal while a container is in the foreground. */
#include "kernel/terminal.h"

#include <errno.h>
#include <sys/ioctl.h>

#include "base/err.h"
#include "base/fd.h"

int terminal_make_raw(int fd, struct terminal *ret_terminal)
{
	struct terminal terminal = { .fd = fd };
	struct termios raw;

	if (tcgetattr(fd, &terminal.saved) < 0)
		return err_sys(errno, "get the terminal's settings");
	raw = terminal.saved;
	cfmakeraw(&raw);
	raw.c_oflag |= OPOST;
	if (tcsetattr(fd, TCSANOW, &raw) < 0)
		return err_sys(errno, "make the terminal raw");
	*ret_terminal = terminal;
	return 0;
}

void terminal_restore(struct terminal *terminal)
{
	int saved = errno;

	if (terminal->fd >= 0)
		tcsetattr(terminal->fd, TCSANOW, &terminal->saved);
	terminal->fd = NO_FD;
	errno = saved;
}

int terminal_leave_newlines(int master)
{
	struct termios settings;

	if (tcgetattr(master, &settings) < 0)
		return err_sys(errno, "get the container terminal's settings");
	settings.c_oflag &= ~(tcflag_t)ONLCR;
	if (tcsetattr(master, TCSANOW, &settings) < 0)
		return err_sys(errno, "set the container terminal's settings");
	return 0;
}

int terminal_copy_size(int from, int to)
{
	struct winsize size;

	if (ioctl(from, TIOCGWINSZ, &size) < 0)
		return err_sys(errno, "get the size of the terminal");
	if (size.ws_row == 0 && size.ws_col == 0)
		return 0; /* it does not know itself */
	if (ioctl(to, TIOCSWINSZ, &size) < 0)
		return err_sys(errno, "set the size of the container's terminal");
	return 0;
}
