/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespaces - join those that were asked for and become root of the user namespace. */
#include <errno.h>
#include <grp.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/caps.h"
#include "kernel/namespace.h"
#include "kernel/syscalls.h"

int act_join_namespaces(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const struct block_join *joins = LIST_OF(plan, plan->joins, struct block_join);
	size_t count = plan->joins.count;
	struct namespace_join *list = init_memory((count + 1) * sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		list[i].fd = joins[i].fd;
		list[i].flag = joins[i].flag;
		list[i].origin = block_string(plan, joins[i].origin);
	}
	if (namespace_join_all(list, count))
		return err_code();
	for (size_t i = 0; i < count; i++)
		fd_close(list[i].fd);
	return 0;
}

/* They came over execve(2) as ambient ones; nobody else is to inherit them. */
static int make_capabilities_ordinary(void)
{
	struct caps caps;

	if (caps_get(&caps))
		return err_code();
	return caps_set(caps.permitted, caps.permitted, 0);
}

/* Files and mounts that we make from here on belong to the namespace's root. */
int act_become_root(struct init *init)
{
	/* A joined namespace may have been made with setgroups denied: nobody can tell beforehand. */
	if (init->plan->may_set_groups && setgroups(0, NULL) < 0 && errno != EPERM)
		return err_sys(errno, "setgroups");
	if (setresgid(0, 0, 0) < 0)
		return err_sys(errno, "setgid 0 in the user namespace");
	if (setresuid(0, 0, 0) < 0)
		return err_sys(errno, "setuid 0 in the user namespace");
	if (make_capabilities_ordinary())
		return err_code();
	/* The change of ids took the signal back; see prctl(2). */
	prctl(PR_SET_PDEATHSIG, 9);
	prctl(PR_SET_DUMPABLE, 0);
	return 0;
}

static int enter_time_namespace(const struct init *init)
{
	_cleanup_close_ int fd = fd_open(init->proc, "self/ns/time_for_children", O_RDONLY, 0);

	if (fd < 0)
		return fd;
	return setns(fd, CLONE_NEWTIME) < 0 ? err_sys(errno, "enter time namespace") : 0;
}

/* The offsets can be set until somebody is in the namespace; executing the program enters it. */
int act_time_offsets(struct init *init)
{
	const char *offsets = block_string(init->plan, init->plan->time_offsets);

	if (unshare(CLONE_NEWTIME) < 0)
		return err_sys(errno, "unshare time namespace");
	if (offsets && *offsets && proc_write(init, "self/timens_offsets", offsets))
		return err_code();
	/* Who is about to enter another time namespace may not have threads: see listener.c. */
	return init->plan->seccomp_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER
		       ? enter_time_namespace(init)
		       : 0;
}

/* In the cgroup by now, which becomes its root. */
int act_cgroup_namespace(struct init *init)
{
	(void)init;
	return unshare(CLONE_NEWCGROUP) < 0 ? err_sys(errno, "unshare cgroup namespace") : 0;
}
