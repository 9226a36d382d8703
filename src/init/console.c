/* SPDX-License-Identifier: GPL-2.0-or-later */
/* console - a terminal of the container's own devpts as its stdio and /dev/console. */
#include <errno.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/bind.h"
#include "init/init.h"
#include "kernel/channel.h"
#include "kernel/pty.h"
#include "kernel/syscalls.h"
#include "kernel/target.h"

static int open_devpts(const struct init *init)
{
	_cleanup_close_ int fd = fd_open_in(init->root, "/dev/pts", O_RDONLY | O_DIRECTORY);
	struct statfs status;

	if (fd < 0)
		return fd;
	if (fstatfs(fd, &status) < 0 || status.f_type != DEVPTS_SUPER_MAGIC)
		return err_refuse(
			"process.terminal: /dev/pts of the container is not a devpts");
	return fd_take(&fd);
}

/*
 * The image's own /dev/console is not followed: whatever has that name and is
 * no plain file makes way for one, then the terminal is bound on it.
 */
static int bind_console(const struct init *init, int slave)
{
	_cleanup_close_ int dev = target_open(init->root, "/dev", TARGET_DIRECTORY, NULL);
	_cleanup_close_ int target = NO_FD;
	struct bind bind = { .dir = slave, .source = "", .path = "/dev/console" };
	struct stat status;

	if (dev < 0)
		return dev;
	if (fstatat(dev, "console", &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(status.st_mode) && !S_ISCHR(status.st_mode) &&
	    unlinkat(dev, "console", 0) < 0)
		return err_sys(errno, "replace /dev/console");
	target = openat(dev, "console", O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC,
			0600);
	if (target < 0 && errno != EEXIST)
		return err_sys(errno, "create /dev/console");
	fd_close(target);
	target = fd_open(dev, "console", O_PATH | O_NOFOLLOW, 0);
	if (target < 0)
		return target;
	bind.target = target;
	return bind_over(init, &bind);
}

static int become_stdio(int slave)
{
	for (int fd = 0; fd <= 2; fd++)
		if (dup2(slave, fd) < 0)
			return err_sys(errno, "dup2");
	return 0;
}

static int send_master(const struct init *init, int master)
{
	struct message message = { .kind = MESSAGE_CONSOLE };

	return channel_send(init->plan->channel, &message, sizeof(message), NULL, 0, master);
}

/* A terminal of the container's, for the process's user and of the size that was asked for. */
static int make_terminal(const struct init *init, struct pty *ret_pty)
{
	const struct init_plan *plan = init->plan;
	_cleanup_close_ int devpts = open_devpts(init);
	_cleanup_close_ int master = NO_FD, slave = NO_FD;
	struct pty pty;

	if (devpts < 0)
		return devpts;
	if (pty_open(devpts, &pty))
		return err_code();
	master = pty.master;
	slave = pty.slave;
	if ((plan->console_height || plan->console_width) &&
	    pty_set_size(slave, plan->console_height, plan->console_width))
		return err_code();
	/* The group stays what the devpts says (tty). */
	if (plan->uid != 0 && fchown(slave, plan->uid, (gid_t)-1) < 0)
		return err_sys(errno, "chown of the terminal");
	*ret_pty = (struct pty){ fd_take(&master), fd_take(&slave), pty.number };
	return 0;
}

int act_console(struct init *init)
{
	_cleanup_close_ int master = NO_FD, slave = NO_FD;
	struct pty pty;

	if (make_terminal(init, &pty))
		return err_code();
	master = pty.master;
	slave = pty.slave;
	if (bind_console(init, slave) ||
	    (init->plan->is_dev_readonly && devices_make_readonly(init)))
		return err_code();
	/* Who comes to the surface later leads another session: act_surface() does it. */
	if (become_stdio(slave) || (!init->plan->surfaces && pty_control(0)))
		return err_code();
	return send_master(init, master);
}

/* Whose controlling terminal it becomes is not there yet: see act_spawn(). */
int act_terminal(struct init *init)
{
	_cleanup_close_ int master = NO_FD, slave = NO_FD;
	struct pty pty;

	if (make_terminal(init, &pty))
		return err_code();
	master = pty.master;
	slave = pty.slave;
	if (become_stdio(slave))
		return err_code();
	return send_master(init, master);
}
