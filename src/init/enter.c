/* SPDX-License-Identifier: GPL-2.0-or-later */
/* enter - go into a container that is there: its namespaces, but not its sight. */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/syscalls.h"

/* A pidfd is readable once its process has ended, and a channel whose other end is closed hangs up. */
int enter_check(const struct init *init)
{
	const struct init_plan *plan = init->plan;
	struct pollfd polls[] = { { plan->target, POLLIN, 0 }, { plan->channel, 0, 0 } };

	if (poll(polls, ARRAY_SIZE(polls), 0) <= 0)
		return 0;
	if (polls[1].revents)
		_exit(1); /* nobody would hear what becomes of the process */
	return err_sys(ESRCH, "the container has stopped");
}

/* Without a mount namespace of its own the container has a root directory alone. */
static int change_root(const struct init_plan *plan)
{
	if (plan->container_root == NO_SLOT)
		return 0;
	if (fchdir(plan->container_root) < 0 || chroot(".") < 0 || chdir("/") < 0)
		return err_sys(errno, "change to the root of the container");
	fd_close(plan->container_root);
	return 0;
}

/*
 * All namespaces at once, so it is all of them or none, by the descriptor of a
 * process that nobody can have replaced.  We ourselves stay in our own pid
 * namespace, only children are born in the other one: nobody in there can see,
 * trace or signal us.  Becoming somebody else has made us readable and taken
 * the signal back.
 */
int act_enter(struct init *init)
{
	const struct init_plan *plan = init->plan;

	prctl(PR_SET_DUMPABLE, 0);
	if (setns(plan->target, (int)plan->namespaces) < 0)
		return err_sys(errno, "join the namespaces of the container");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	if (enter_check(init) || change_root(plan))
		return err_code();
	/* Ours by now. */
	init->root = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	return init->root < 0 ? init->root : 0;
}
