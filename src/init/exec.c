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

int close_all_but(const struct init *init, int kept)
{
	unsigned first = 3 + init->plan->preserve_fds;
	unsigned last = (unsigned)kept;

	if ((last > first && sys_close_range(first, last - 1, 0) < 0) ||
	    sys_close_range(last + 1, ~0u, 0) < 0)
		return err_sys(errno, "close descriptors");
	return 0;
}

static int load(const struct init *init, const struct sock_fprog *program)
{
	uint32_t flags = init->plan->seccomp_flags;

	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		return listener_load(init, program);
	if (init_say_started(init))
		return err_code();
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program) < 0)
		return err_sys(errno, "load seccomp filter");
	return 0;
}

/* Nothing but execve(2) comes after it, so nothing but execve(2) has to be allowed. */
int act_seccomp(struct init *init)
{
	struct sock_fprog program = {
		.len = (unsigned short)(init->filter_size / sizeof(struct sock_filter)),
		.filter = (struct sock_filter *)init->filter,
	};

	if (close_all_but(init, init->peer) || load(init, &program))
		return err_code();
	init->is_filtered = true;
	return 0;
}

int act_exec(struct init *init)
{
	if (!init->plan->has_process)
		return err_refuse("process: required to start the container");
	/* With a filter this is done already: it may not let us do any of it. */
	if (!init->plan->has_seccomp && (close_all_but(init, init->peer) || init_say_started(init)))
		return err_code();
	execve(init->executable, (char *const *)init->args, (char *const *)init->env);
	return err_sys(errno, "exec %s", init->args[0]);
}
