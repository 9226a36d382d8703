/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_visit - tare-init comes into a container, does something there, and goes again. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "kernel/channel.h"
#include "kernel/mountfd.h"
#include "kernel/pidfd.h"
#include "launch/parent_exec.h"

/* What is left to do is to exit. */
#define END_TIMEOUT_MS 10000

int parent_live_files(struct launch *launch)
{
	struct init_plan *init = launch->init;

	if (mountfd_is_missing())
		return err_refuse("open_tree(2) is needed, Linux 5.2");
	if (channel_open(&launch->channel, &launch->their_channel) || parent_open_trees(launch))
		return err_code();
	init->container_root = NO_SLOT;
	init->gate = NO_SLOT;
	init->page = NO_SLOT;
	init->channel = launch->their_channel;
	init->target = launch->request->target;
	return launch_seal_block(launch);
}

int parent_start_visit(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	_cleanup_free_ int *keep =
		xcalloc(3 + plan->tree_count + plan->mount_map_count, sizeof(*keep));
	char block[16];
	char *args[] = { (char *)"tare-init", block, NULL };
	struct clone_plan clone = {
		.cgroup = NO_FD,
		.program = launch->program,
		.args = args,
		.keep = keep,
	};

	keep[clone.keep_count++] = launch->block;
	keep[clone.keep_count++] = launch->their_channel;
	keep[clone.keep_count++] = launch->request->target;
	for (size_t i = 0; i < plan->tree_count; i++)
		keep[clone.keep_count++] = launch->tree_fds[i];
	for (size_t i = 0; i < launch->init->mount_maps.count; i++)
		keep[clone.keep_count++] = launch->map_fds[i];
	snprintf(block, sizeof(block), "%d", launch->block);
	if (clone_start(&clone, &launch->child))
		return err_code();
	fd_close(fd_take(&launch->their_channel));
	return 0;
}

static void wait_for(struct launch *launch)
{
	while (waitpid(launch->child.pid, NULL, 0) < 0 && errno == EINTR)
		;
	launch->is_over = true;
}

/* A child of ours that nobody has waited for, so its pid is its. */
void undo_start_visit(struct launch *launch)
{
	if (launch->is_over)
		return;
	kill(launch->child.pid, SIGKILL);
	wait_for(launch);
}

/* Tare-init is in the container, which must still be as it was. */
int parent_commit_visit(struct launch *launch)
{
	if (pidfd_has_ended(launch->request->target, 0))
		return err_refuse("the container has stopped");
	return 0;
}

int parent_end_visit(struct launch *launch)
{
	if (!pidfd_has_ended(launch->child.pidfd, END_TIMEOUT_MS))
		return err_sys(ETIMEDOUT, "tare-init does not end");
	wait_for(launch);
	return 0;
}
