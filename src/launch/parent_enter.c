/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_enter - cgroup, filter, descriptors, and tare-init on its way into the container. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "kernel/channel.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"
#include "launch/parent_exec.h"
#include "launch/parent_filter.h"

static int open_sub_cgroup(struct launch *launch)
{
	struct cgroup below;

	if (launch->cgroup.fd < 0)
		return err_refuse("--cgroup: the container has no cgroup");
	if (cgroup_open_below(&launch->cgroup, launch->request->sub_cgroup, &below))
		return err_while("--cgroup");
	cgroup_close(&launch->cgroup);
	launch->cgroup = below;
	return 0;
}

/* Where init has gone to, or been put, by itself or a manager; never said by --cgroup. */
static int follow_init(struct launch *launch)
{
	const struct launch_request *request = launch->request;

	cgroup_close(&launch->cgroup);
	if (!launch->plan->cgroup.mount)
		return err_refuse("the container's cgroup is gone");
	return cgroup_open_of(launch->plan->cgroup.mount, request->container->pid.value,
			      &launch->cgroup);
}

static int open_cgroup(struct launch *launch)
{
	if (launch->request->sub_cgroup)
		return open_sub_cgroup(launch);
	return launch->request->container->cgroup && launch->cgroup.fd < 0 ? follow_init(launch)
									   : 0;
}

/* That the container is not paused is known: its own cgroup may be held by one above it. */
static int is_held(const struct launch *launch)
{
	if (launch->request->status == OCI_STATUS_PAUSED || launch->request->sub_cgroup)
		return cgroup_is_held(&launch->cgroup);
	return cgroup_stands_still(&launch->cgroup);
}

static int refuse_held(const struct launch *launch)
{
	const char *below = launch->request->sub_cgroup;

	if (below)
		return err_refuse("--cgroup: %s is frozen (use --ignore-paused to override)",
				  below);
	return err_refuse(
		"cannot exec in a paused container (use --ignore-paused to override): "
		"%s is frozen",
		launch->cgroup.path);
}

/*
 * Who is born in a frozen cgroup does not execute, and until it has, clone3(2) hears no signal
 * but SIGKILL (CLONE_VFORK): wait here, where the user can end it.
 */
static int await_thaw(struct launch *launch)
{
	int r = is_held(launch);

	if (r <= 0)
		return r;
	if (!launch->request->waits_for_thaw)
		return refuse_held(launch);
	return cgroup_wait_released(&launch->cgroup, launch->request->target);
}

int parent_open_cgroup(struct launch *launch)
{
	int r = open_cgroup(launch);

	return r < 0 ? r : await_thaw(launch);
}

/* From act_spawn() to execve(2). */
static const struct seccomp_question left_to_do[] = {
	{ .number = SYS_capset },
	{ .number = SYS_clone, .arguments = { BLOCK_SPAWN_FLAGS } },
	{ .number = SYS_setsid },
	{ .number = SYS_sendmsg },
	{ .number = SYS_exit_group },
};

int parent_exec_filter(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	struct seccomp_program program;

	if (store_find(launch->request->state_root, &launch->store) ||
	    launch_compile_filter(launch, &program))
		return err_code();
	launch_put_filter(launch, &program);
	/* The agent is told of the process, so that is who has to load it; and nothing can be
	 * set with the filter loaded. */
	launch->init->loads_filter_early =
		!plan->seccomp_agent && !plan->init->scheduler.is_late &&
		launch_filter_lets_through(launch, &program, left_to_do,
					   ARRAY_SIZE(left_to_do));
	free(program.instructions);
	return 0;
}

/*
 * A container in our own mount namespace has a root that only its processes
 * hold.  One whose init has come back to our root has none to start anything in.
 */
static int open_root(struct launch *launch)
{
	struct stat root, ours;
	char path[64];

	launch->root = NO_FD;
	if (launch->init->namespaces & CLONE_NEWNS)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/root", launch->request->container->pid.value);
	launch->root = fd_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
	if (launch->root < 0)
		return launch->root;
	if (fstat(launch->root, &root) < 0 || stat("/", &ours) < 0)
		return err_sys(errno, "stat %s", path);
	if (root.st_dev == ours.st_dev && root.st_ino == ours.st_ino)
		return err_refuse("the container's init has the root directory of the host");
	/* It was the container's if init still is who it was. */
	if (pidfd_has_ended(launch->request->target, 0))
		return err_refuse("the container has stopped");
	return 0;
}

int parent_exec_files(struct launch *launch)
{
	struct init_plan *init = launch->init;

	if (channel_open(&launch->channel, &launch->their_channel) ||
	    launch_open_page(launch) || open_root(launch))
		return err_code();
	init->container_root = launch->root < 0 ? NO_SLOT : launch->root;
	init->gate = NO_SLOT;
	init->channel = launch->their_channel;
	init->page = launch->page;
	init->target = launch->request->target;
	return launch_seal_block(launch);
}

/* "the CPUs ... a runtime parent process to be run on initially" */
int parent_affinity(struct launch *launch)
{
	const struct plan *plan = launch->plan;

	if (syscall(SYS_sched_setaffinity, 0,
		    plan->initial_affinity_count * sizeof(*plan->initial_affinity),
		    plan->initial_affinity) < 0)
		return err_sys(errno, "process.execCPUAffinity.initial");
	return 0;
}

static int start(struct launch *launch)
{
	const int keep[] = { launch->block, launch->their_channel, launch->page,
			     launch->request->target, launch->root };
	size_t limit_count;
	_cleanup_free_ struct clone_limit *limits =
		launch_list_limits(launch->plan, &limit_count);
	char block[16];
	char *args[] = { (char *)"tare-init", block, NULL };
	struct clone_plan clone = {
		.cgroup = launch->cgroup.fd,
		.program = launch->program,
		.args = args,
		.keep = keep,
		.keep_count = ARRAY_SIZE(keep) - (launch->root < 0),
		.limits = limits,
		.limit_count = limit_count,
	};

	snprintf(block, sizeof(block), "%d", launch->block);
	return clone_start(&clone, &launch->child);
}

/* The container may have moved its init, and its cgroup may not take processes any more. */
static int start_beside_init(struct launch *launch)
{
	struct err why = *err_last();

	err_clear();
	if (follow_init(launch)) {
		err_clear();
		return err_adopt(&why);
	}
	return await_thaw(launch) ? err_code() : start(launch);
}

/* As at create: without rights over the cgroup, init's end is what ends its processes. */
static int start_outside(struct launch *launch)
{
	log_warning("the process is not in the container's cgroup: %s", err_last()->text);
	err_clear();
	cgroup_close(&launch->cgroup);
	return start(launch);
}

static bool is_denied(int result)
{
	return result == -EACCES || result == -EPERM;
}

int parent_start_entry(struct launch *launch)
{
	const struct launch_request *request = launch->request;
	bool may_be_elsewhere = launch->cgroup.fd >= 0 && !request->sub_cgroup;
	int result = start(launch);

	if (result && may_be_elsewhere && !launch->child.is_limit && !is_denied(result))
		result = start_beside_init(launch);
	if (is_denied(result) && may_be_elsewhere && !launch->child.is_limit &&
	    request->container->is_rootless.value)
		result = start_outside(launch);
	if (result)
		return launch->cgroup.fd < 0 || launch->child.is_limit
			       ? result
			       : err_while("adding pid %d to cgroups", getpid());
	fd_close(fd_take(&launch->their_channel));
	return 0;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Both are children of ours that nobody has waited for, so their pids are theirs. */
void undo_start_entry(struct launch *launch)
{
	pid_t born;

	if (!launch->is_over)
		end(launch->child.pid);
	launch->is_over = true;
	born = __atomic_load_n(launch->born, __ATOMIC_ACQUIRE);
	if (born > 0)
		end(born);
}
