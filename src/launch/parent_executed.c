/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_executed - tell others of the process in the container, once it has executed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/block.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"
#include "launch/parent_exec.h"
#include "launch/sendfd.h"

int parent_reserve_pid_file(struct launch *launch)
{
	const char *path = launch->request->pid_file;

	return path ? pidfile_reserve(path, &launch->pid_file) : 0;
}

void undo_reserve_pid_file(struct launch *launch)
{
	if (launch->pid_file.beside)
		(void)pidfile_remove(&launch->pid_file);
}

int parent_connect_pidfd(struct launch *launch)
{
	const char *path = launch->request->pidfd_socket;

	if (!path)
		return 0;
	launch->pidfd_stream = sendfd_connect(path, SOCK_STREAM);
	return launch->pidfd_stream < 0 ? err_while("pidfd socket") : 0;
}

/* A zombie keeps its name. */
static bool has_executed(pid_t pid)
{
	char path[64], name[32];

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	if (fd_read_file(AT_FDCWD, path, name, sizeof(name)) < 0) {
		err_clear();
		return false;
	}
	return strcmp(name, BLOCK_SPAWN_NAME) != 0;
}

/* Who exits before it has executed says why, unless its filter lets it not. */
static bool may_be_mute(const struct launch *launch, const siginfo_t *info)
{
	return info->si_code != CLD_EXITED ||
	       (launch->plan->has_seccomp && !launch->init->loads_filter_early);
}

/* The channel has ended: by execve(2), or because the process was killed before. */
int parent_executed(struct launch *launch)
{
	pid_t pid = __atomic_load_n(launch->born, __ATOMIC_ACQUIRE);
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return err_sys(errno, "wait for the process");
	if (info.si_pid == pid && may_be_mute(launch, &info) && !has_executed(pid))
		return err_sys(ESRCH, "the process was killed before it could execute");
	launch->process.pidfd = sys_pidfd_open(pid, 0);
	if (launch->process.pidfd < 0)
		return err_sys(errno, "pidfd_open");
	launch->process.pid = pid;
	return 0;
}

int parent_exec_pid_file(struct launch *launch)
{
	if (!launch->request->pid_file)
		return 0;
	return pidfile_write(&launch->pid_file, launch->process.pid);
}

int parent_exec_send_pidfd(struct launch *launch)
{
	if (launch->pidfd_stream < 0)
		return 0;
	if (sendfd_send(launch->pidfd_stream, launch->process.pidfd, "setns"))
		return err_while("pidfd socket");
	return 0;
}
