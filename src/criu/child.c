/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child - between fork(2) and the execution of criu. */
#include "criu/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/err.h"
#include "kernel/channel.h"
#include "kernel/syscalls.h"

/* What we block and ignore it would, too. */
static void reset_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
}

/* A group of its own. */
static int leave_group(bool is_wanted)
{
	return is_wanted && setpgid(0, 0) < 0 ? err_sys(errno, "setpgid") : 0;
}

/* What comes back is born where criu is. */
static int enter_cgroup(int cgroup)
{
	return cgroup < 0 ? 0 : fd_write_file(cgroup, "cgroup.procs", "0");
}

/*
 * criu wants the root file system at a mount point whose parent nothing covers.  In a mount
 * namespace of its own, nobody sees that, and nobody has to take it away.
 */
static int bind_rootfs(const struct criu_place *place)
{
	if (!place->rootfs)
		return 0;
	if (unshare(CLONE_NEWNS) < 0)
		return err_sys(errno, "unshare");
	if (sys_mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return err_sys(errno, "mount / as slave");
	if (sys_mount(place->rootfs, place->root, NULL, MS_BIND | MS_REC, NULL) < 0)
		return err_sys(errno, "bind %s at %s", place->rootfs, place->root);
	return 0;
}

/* The caller's would be the container's. */
static int join_keyring(bool is_wanted)
{
	if (!is_wanted || syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 ||
	    errno == ENOSYS)
		return 0;
	return err_sys(errno, "unable to join session keyring");
}

static int keep(int fd)
{
	return fcntl(fd, F_SETFD, 0) < 0 ? err_sys(errno, "keep descriptor %d", fd) : 0;
}

/* A directory that was opened in another mount namespace cannot be mounted on, which criu does. */
static int reopen(int fd)
{
	char link[64], path[PATH_MAX];
	_cleanup_close_ int again = NO_FD;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path));
	if (n < 0 || n == sizeof(path))
		return err_sys(n < 0 ? errno : ENAMETOOLONG, "readlink %s", link);
	path[n] = '\0';
	again = fd_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0);
	if (again < 0)
		return again;
	return dup2(again, fd) < 0 ? err_sys(errno, "dup2") : 0;
}

static int keep_directory(const struct criu_place *place, int fd)
{
	if (fd < 0)
		return 0;
	return place->rootfs ? reopen(fd) : keep(fd);
}

static int arrange_descriptors(const struct criu_place *place, int null_fd, int output)
{
	for (size_t i = 0; i < place->keep_count; i++)
		if (keep(place->keep[i]))
			return err_code();
	if (keep_directory(place, place->images) || keep_directory(place, place->work))
		return err_code();
	if (dup2(null_fd, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
		return err_sys(errno, "dup2");
	return 0;
}

/*
 * criu opens the descriptors that it is told of through /proc, as those of the process that made
 * the socket: so they have to be its own.
 */
static int make_socket(int report, int *ret_socket)
{
	static const struct err none;
	_cleanup_close_ int ours = NO_FD;

	if (channel_open(ret_socket, &ours) ||
	    channel_send(report, &none, sizeof(none), NULL, 0, ours))
		return err_code();
	return keep(*ret_socket);
}

int child_become(const struct criu_place *place, int null_fd, int output, int report)
{
	char number[16];
	char *args[] = { (char *)"criu", (char *)"swrk", number, NULL };
	int socket;

	reset_signals();
	if (leave_group(place->is_apart) || enter_cgroup(place->cgroup) ||
	    join_keyring(place->wants_keyring) || bind_rootfs(place) ||
	    arrange_descriptors(place, null_fd, output) || make_socket(report, &socket))
		return err_code();
	snprintf(number, sizeof(number), "%d", socket);
	execvp(args[0], args);
	if (errno == ENOENT)
		return err_refuse("exec: \"criu\": executable file not found in $PATH");
	return err_sys(errno, "exec: \"criu\"");
}
