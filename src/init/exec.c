/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec - the last steps: filter, descriptors, and the container's own program. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/channel.h"
#include "kernel/syscalls.h"

int init_say_started(const struct init *init)
{
	struct message message = { .kind = MESSAGE_DONE };

	return channel_send(init->peer, &message, sizeof(message), NULL, 0, NO_FD);
}

/* What is there of FIRST to LAST; nothing when they are the wrong way round. */
static int close_between(unsigned first, unsigned last)
{
	if (first <= last && sys_close_range(first, last, 0) < 0)
		return err_sys(errno, "close descriptors");
	return 0;
}

int close_all_but_both(unsigned preserved, int kept, int kept_too)
{
	unsigned lower = (unsigned)(kept < kept_too ? kept : kept_too);
	unsigned upper = (unsigned)(kept < kept_too ? kept_too : kept);

	if (close_between(3 + preserved, lower - 1) || close_between(lower + 1, upper - 1))
		return err_code();
	return close_between(upper + 1, ~0u);
}

int close_all_but(unsigned preserved, int kept)
{
	return close_all_but_both(preserved, kept, kept);
}

static int load_filter(const struct init *init, bool is_program)
{
	struct sock_fprog program = {
		.len = (unsigned short)(init->filter_size / sizeof(struct sock_filter)),
		.filter = (struct sock_filter *)init->filter,
	};
	uint32_t flags = init->plan->seccomp_flags;

	if (init->plan->loads_filter_early) /* act_surface() has */
		return is_program ? init_say_started(init) : 0;
	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		return listener_load(init, &program, is_program);
	if (is_program && init_say_started(init))
		return err_code();
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) < 0)
		return err_sys(errno, "load seccomp filter");
	return 0;
}

/* Nothing but execve(2) comes after it, so nothing but execve(2) has to be allowed. */
int act_seccomp(struct init *init)
{
	if (close_all_but(init->plan->preserve_fds, init->peer) || load_filter(init, true))
		return err_code();
	init->is_filtered = true;
	return 0;
}

/* What it executes is the container's, so it has no more rights than the container. */
int init_confine_hook(const struct init *init)
{
	if (close_all_but(0, init->peer))
		return err_code();
	if (!init->plan->has_seccomp)
		return 0;
	if (init->plan->seccomp_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		listener_announce(init);
	return load_filter(init, false);
}

int act_exec(struct init *init)
{
	if (!init->plan->has_process)
		return err_refuse("process: required to start the container");
	/* With a filter this is done already: it may not let us do any of it. */
	if (!init->plan->has_seccomp &&
	    (close_all_but(init->plan->preserve_fds, init->peer) || init_say_started(init)))
		return err_code();
	init->is_executing = true;
	execve(init->executable, (char *const *)init->args, (char *const *)init->env);
	return err_sys(errno, "exec %s", init->args[0]);
}
