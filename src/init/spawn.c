/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spawn - from outside of the container's sight, the process that executes in it at once. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/caps.h"
#include "kernel/channel.h"
#include "kernel/pty.h"
#include "kernel/syscalls.h"

/*
 * Memory where the kernel writes the child's pid before the child runs, so the
 * parent knows it whatever becomes of us.  The child does not have it.
 */
int spawn_map_page(const struct init *init, pid_t **ret_page)
{
	void *page = mmap(NULL, sizeof(pid_t), PROT_READ | PROT_WRITE, MAP_SHARED,
			  init->plan->page, 0);

	if (page == MAP_FAILED || syscall(SYS_madvise, page, sizeof(pid_t), MADV_DONTFORK) < 0)
		return err_sys(errno, "map the page of the pid");
	*ret_page = page;
	return 0;
}

/* Whoever waits at the other end of the channel has the agent as `start` has it. */
static int load_filter(struct init *init)
{
	const struct init_plan *plan = init->plan;
	struct sock_fprog program = {
		.len = (unsigned short)plan->filter.count,
		.filter = (struct sock_filter *)block_at(plan, plan->filter.at),
	};

	if (plan->seccomp_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) {
		init->peer = plan->channel;
		listener_announce(init);
		return listener_load(init, &program, false);
	}
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, plan->seccomp_flags, &program) < 0)
		return err_sys(errno, "load seccomp filter");
	return 0;
}

/*
 * Loading it took CAP_SYS_ADMIN, see act_identity(), which is not for the child
 * to have for a moment.
 */
int spawn_load_early(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const struct block_capabilities *sets = &plan->capabilities;

	if (load_filter(init))
		return err_code();
	if (plan->has_no_new_privileges)
		return 0;
	/* Where nothing was asked for, root keeps all and others have what the filter took. */
	if (!sets->is_set)
		return plan->uid ? caps_set(0, 0, 0) : 0;
	return caps_set(sets->effective, sets->permitted, sets->inheritable);
}

/* Visible, and traceable for whoever may do so in the container: there is nothing left to take. */
static int execute(struct init *init)
{
	const struct init_plan *plan = init->plan;

	if (setsid() < 0)
		return err_sys(errno, "setsid");
	if (plan->wants_terminal && pty_control(0))
		return err_code();
	if (plan->scheduler.is_late && init_schedule(init))
		return err_while("scheduling");
	if (init_limit_processes(init))
		return err_code();
	if (plan->has_seccomp && !plan->loads_filter_early) {
		if (load_filter(init))
			return err_code();
		init->is_filtered = true;
	}
	init->is_executing = true;
	execve(init->executable, (char *const *)init->args, (char *const *)init->env);
	return err_sys(errno, "exec %s", init->args[0]);
}

/*
 * Everything is as the process will have it: ids, capabilities, label, limits,
 * directory.  What is left of us are descriptors and memory.  A parent that
 * goes from here on tells us so by a signal.  The process has a copy of our memory and
 * not the same (vfork): who may trace it in there must not write into ours, as we are
 * in the host's pid namespace.
 */
int act_spawn(struct init *init)
{
	const struct init_plan *plan = init->plan;
	pid_t *page;
	int pid;

	if (enter_check(init) || spawn_map_page(init, &page) ||
	    close_all_but(plan->preserve_fds, plan->channel))
		return err_code();
	if (fcntl(plan->channel, F_SETFD, FD_CLOEXEC) < 0)
		return err_sys(errno, "fcntl");
	prctl(PR_SET_NAME, BLOCK_SPAWN_NAME);
	if (plan->has_seccomp && plan->loads_filter_early && spawn_load_early(init))
		return err_code();
	pid = sys_clone(BLOCK_SPAWN_FLAGS, page);
	if (pid < 0)
		return err_sys(errno, "clone");
	if (pid > 0)
		_exit(0);
	return execute(init);
}
