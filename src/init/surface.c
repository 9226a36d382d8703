/* SPDX-License-Identifier: GPL-2.0-or-later */
/* surface - out of the host's sight into that of a pid namespace that others are in already. */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/pty.h"
#include "kernel/syscalls.h"

/* The root and the terminal's session are ours no more; act_ready() finds them closed. */
static int let_go(struct init *init)
{
	const struct init_plan *plan = init->plan;

	int gate = plan->gate < 0 ? plan->channel : plan->gate;

	if (close_all_but_both(plan->preserve_fds, plan->channel, gate))
		return err_code();
	init->proc = init->root = init->outside = init->masks = NO_FD;
	return 0;
}

/* A new session, as the one before had it, and the death with the parent until it commits. */
static int settle(const struct init *init)
{
	const struct init_plan *plan = init->plan;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (setsid() < 0)
		return err_sys(errno, "setsid");
	if ((plan->scheduler.is_late && init_schedule(init)) || init_limit_processes(init))
		return err_code();
	return plan->wants_terminal ? pty_control(0) : 0;
}

/*
 * Until here we were in the runtime's own pid namespace, and only children are
 * born in the joined one: whoever may trace there could have had the host's files
 * from us.  The child has the container's root, user, capabilities and label,
 * and no descriptor that leads out.
 */
int act_surface(struct init *init)
{
	const struct init_plan *plan = init->plan;
	pid_t *page;
	int pid;

	if (spawn_map_page(init, &page) || let_go(init))
		return err_code();
	if (plan->loads_filter_early && spawn_load_early(init))
		return err_code();
	pid = sys_clone(BLOCK_SPAWN_FLAGS, page);
	if (pid < 0)
		return err_sys(errno, "clone");
	if (pid > 0)
		_exit(0);
	return settle(init);
}
