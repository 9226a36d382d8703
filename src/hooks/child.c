/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child - what happens in a hook's process before the hook is executed. */
#include "hooks/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/fd.h"
#include "kernel/syscalls.h"

#define LAST_SIGNAL 64

struct child {
	const struct hook_start *start;
	int report;
	int executable; /* opened before the namespaces are joined; NO_FD: by path */
};

static void report(const struct child *child, enum hook_report_kind kind, int value)
{
	struct hook_report message = { .kind = (int)kind, .value = value };

	/* Less than a pipe's atomic size; if nobody listens any more there is nothing to do. */
	if (write(child->report, &message, sizeof(message)) < 0)
		_exit(1);
}

_Noreturn static void give_up(const struct child *child, enum hook_report_kind kind)
{
	report(child, kind, errno);
	_exit(1);
}

/* Above 2 first: the runtime may have been started with 0, 1 or 2 closed. */
static int lift(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static int set_descriptors(struct child *child)
{
	const struct hook_pipes *pipes = &child->start->pipes;
	int in = lift(pipes->in[0]);
	int out = lift(pipes->out[1]);
	int err = lift(pipes->err[1]);

	/* Our copy of the reading end would hide that the runtime is gone. */
	fd_close(pipes->report[0]);
	if (in < 0 || out < 0 || err < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 ||
	    dup2(err, 2) < 0)
		return -1;
	return sys_close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
}

/* Dispositions and mask are inherited through execve(2). */
static void reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int signal = 1; signal <= LAST_SIGNAL; signal++)
		sigaction(signal, &action, NULL); /* KILL, STOP and libc's own: refused */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A change of identity clears it, so this is called after each. */
static void die_with_runtime(const struct child *child)
{
	struct pollfd runtime = { .fd = child->report, .events = 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (poll(&runtime, 1, 0) == 1 && (runtime.revents & POLLERR))
		_exit(1); /* it was gone before the prctl */
}

static void join(struct child *child)
{
	const struct hook_place *place = child->start->place;

	/* "path ... in the runtime namespace": found before we leave it. */
	child->executable = open(child->start->hook->path, O_PATH | O_CLOEXEC);
	if (child->executable < 0)
		give_up(child, HOOK_CANNOT_OPEN);
	if (place->namespaces && setns(place->pidfd, place->namespaces) < 0)
		give_up(child, HOOK_CANNOT_JOIN);
	if (place->pid_namespace >= 0 && setns(place->pid_namespace, CLONE_NEWPID) < 0)
		give_up(child, HOOK_CANNOT_JOIN);
	if (!(place->namespaces & CLONE_NEWUSER))
		return;
	/* setgroups(2) may be denied there; the groups then are those that we had. */
	if ((setgroups(0, NULL) < 0 && errno != EPERM) || setresgid(0, 0, 0) < 0 ||
	    setresuid(0, 0, 0) < 0)
		give_up(child, HOOK_CANNOT_BECOME_ROOT);
}

/*
 * setns(2) moves only children into a pid namespace.  The one we make is the
 * runtime's child as we are, so that the runtime can wait for it.
 */
static void fork_into_pid_namespace(const struct child *child)
{
	struct clone_args args = { .flags = CLONE_PARENT };
	long pid = syscall(SYS_clone3, &args, sizeof(args));

	if (pid < 0)
		give_up(child, HOOK_CANNOT_FORK);
	if (pid == 0)
		return;
	report(child, HOOK_IS_PID, (int)pid);
	_exit(0);
}

static void execute(const struct child *child)
{
	const struct hook *hook = child->start->hook;
	char *const *env = hook->env ? hook->env : environ;

	if (child->executable >= 0) {
		sys_execveat(child->executable, "", hook->args, env, AT_EMPTY_PATH);
		/* An interpreter is given a path, and that of a closed descriptor is none. */
		if (errno != ENOENT)
			return;
	}
	execve(hook->path, hook->args, env);
}

_Noreturn void hook_child(const struct hook_start *start)
{
	struct child child = { .start = start, .executable = NO_FD };

	child.report = lift(start->pipes.report[1]);
	if (child.report < 0)
		_exit(1);
	fd_close(start->pipes.report[1]);
	setpgid(0, 0);
	if (set_descriptors(&child) < 0)
		give_up(&child, HOOK_CANNOT_SET_DESCRIPTORS);
	reset_signals();
	if (start->place && start->place->pidfd >= 0)
		join(&child);
	die_with_runtime(&child);
	if (start->place && start->place->pidfd >= 0 &&
	    (start->place->namespaces & CLONE_NEWPID)) {
		fork_into_pid_namespace(&child);
		die_with_runtime(&child);
	}
	if (chdir(start->cwd) < 0)
		give_up(&child, HOOK_CANNOT_CHDIR);
	execute(&child);
	give_up(&child, HOOK_CANNOT_EXECUTE);
}
