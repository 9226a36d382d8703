/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_start - cgroup, descriptors, and the first process. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "kernel/channel.h"
#include "kernel/mountfd.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"
#include "launch/create_wants.h"
#include "launch/gate.h"
#include "launch/join.h"
#include "launch/memfd.h"
#include "launch/parent.h"

#define KILL_TIMEOUT_MS 10000

extern const char tare_init_bytes[], tare_init_end[];

/* plan/ says the same when it is clear beforehand. */
static void warn_no_cgroup(struct launch *launch)
{
	launch->record.driver = RECORD_NO_CGROUP;
	if (!launch->init->has_pid_namespace)
		log_warning("no cgroup and no pid namespace of its own: Such configuration is "
			    "strongly discouraged, as not all processes can be found to be "
			    "killed");
}

/* The name of what we are about to make is written down before we make it. */
int parent_make_cgroup(struct launch *launch)
{
	const struct cgroup_plan *plan = &launch->plan->cgroup;
	bool is_ours = plan->path && !plan->unit;
	struct cgroup_plan wanted = *plan;
	_cleanup_free_ char *path = is_ours ? xprintf("%s%s", plan->mount, plan->path) : NULL;

	launch->record.cgroup = path;
	if (store_write(&launch->slot, &launch->record))
		return err_code();
	launch->record.cgroup = NULL;
	if (!is_ours)
		return 0;
	wanted.sees_types =
		launch->request->restore != NULL; /* it does not say why it failed */
	if (cgroup_make(&wanted, &launch->cgroup))
		return err_code();
	/* It may be none after all: rootless, and nobody asked for one. */
	launch->record.cgroup = launch->cgroup.path;
	if (!launch->cgroup.path)
		warn_no_cgroup(launch);
	return 0;
}

void undo_make_cgroup(struct launch *launch)
{
	if (!launch->cgroup.path)
		return;
	if (cgroup_kill(&launch->cgroup, KILL_TIMEOUT_MS) == 0)
		cgroup_remove(&launch->cgroup, KILL_TIMEOUT_MS);
}

int parent_device_filter(struct launch *launch)
{
	if (launch->cgroup.fd < 0)
		return 0;
	return cgroup_filter_devices(&launch->cgroup, &launch->plan->cgroup);
}

int parent_cgroup_limits(struct launch *launch)
{
	return cgroup_apply(&launch->cgroup, &launch->plan->cgroup);
}

int parent_open_namespaces(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	struct block_join *join =
		(struct block_join *)block_at(launch->init, launch->init->joins.at);

	launch->join_fds = xcalloc(plan->join_count, sizeof(int));
	for (size_t i = 0; i < plan->join_count; i++)
		launch->join_fds[i] = NO_FD;
	for (size_t i = 0; i < plan->join_count; i++) {
		launch->join_fds[i] = join_open(&plan->joins[i]);
		if (launch->join_fds[i] < 0)
			return err_code();
		if (plan->joins[i].is_for_init)
			(join++)->fd = launch->join_fds[i];
	}
	return 0;
}

/*
 * What is cloned here is a peer of the host's mount, and would stay so in the container, where
 * act_propagation() never sees it: what is mounted below it there must not appear on the host.
 * Peers of each other, as config.json may ask for, they are made again after that.
 */
static int separate(const struct launch *launch, int tree)
{
	uint32_t wanted = launch->init->propagation;
	uint64_t apart = wanted & MS_PRIVATE ? MS_PRIVATE : MS_SLAVE;

	if (mountfd_propagation(tree, (uint32_t)(apart | MS_REC)))
		return err_code();
	return wanted & MS_SHARED ? mountfd_propagation(tree, wanted) : 0;
}

/* Without a user namespace it is init that maps ids: all of its mounts, or none. */
static void give_maps_to_init(struct launch *launch)
{
	struct block_list list = launch->init->mount_maps;
	int32_t *maps = (int32_t *)block_at(launch->init, list.at);

	for (uint32_t i = 0; i < list.count; i++)
		maps[i] = launch->map_fds[i];
}

/* Sources that the container's root may not reach by their paths, but we may. */
int parent_open_trees(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	struct block_mount *mounts =
		(struct block_mount *)block_at(launch->init, launch->init->mounts.at);

	launch->tree_fds = xcalloc(plan->tree_count, sizeof(int));
	for (size_t i = 0; i < plan->tree_count; i++)
		launch->tree_fds[i] = NO_FD;
	for (size_t i = 0; i < plan->tree_count; i++) {
		const struct plan_tree *tree = &plan->trees[i];

		launch->tree_fds[i] = mountfd_clone(AT_FDCWD, tree->source, tree->is_recursive);
		if (launch->tree_fds[i] < 0 || separate(launch, launch->tree_fds[i]))
			return err_while("%s.source", tree->origin);
		if (tree->map != NO_SLOT &&
		    mountfd_idmap(launch->tree_fds[i], launch->map_fds[tree->map],
				  tree->is_map_recursive))
			return err_while("%s", tree->origin);
		mounts[tree->mount].tree = launch->tree_fds[i];
	}
	give_maps_to_init(launch);
	return 0;
}

int launch_seal_block(struct launch *launch)
{
	struct init_plan *init = launch->init;

	init->size = (uint32_t)launch->plan->block.size;
	launch->block = memfd_sealed("tare-plan", init, init->size);
	if (launch->block < 0)
		return launch->block;
	launch->program = memfd_program(launch->request->state_root, tare_init_bytes,
					(size_t)(tare_init_end - tare_init_bytes));
	return launch->program < 0 ? launch->program : 0;
}

int parent_open_files(struct launch *launch)
{
	struct init_plan *init = launch->init;

	if (!launch->request->starts_itself)
		launch->gate = gate_listen(launch->slot.fd);
	if (launch->gate < 0 && !launch->request->starts_itself)
		return err_code();
	if (channel_open(&launch->channel, &launch->their_channel))
		return err_code();
	if (parent_open_trees(launch))
		return err_code();
	if (init->surfaces && launch_open_page(launch))
		return err_code();
	init->gate = launch->gate < 0 ? NO_SLOT : launch->gate;
	init->channel = launch->their_channel;
	init->page = launch->page;
	return launch_seal_block(launch);
}

static size_t collect_fds(const struct launch *launch, int *fds)
{
	const struct plan *plan = launch->plan;
	size_t count = 0;

	fds[count++] = launch->block;
	if (launch->gate >= 0)
		fds[count++] = launch->gate;
	fds[count++] = launch->their_channel;
	for (size_t i = 0; i < plan->tree_count; i++)
		fds[count++] = launch->tree_fds[i];
	for (size_t i = 0; i < launch->init->mount_maps.count; i++)
		fds[count++] = launch->map_fds[i];
	for (size_t i = 0; i < plan->join_count; i++)
		if (plan->joins[i].is_for_init)
			fds[count++] = launch->join_fds[i];
	if (launch->page >= 0)
		fds[count++] = launch->page;
	return count;
}

/* For the process in between. */
static struct namespace_join *list_joins(const struct launch *launch, size_t *ret_count)
{
	const struct plan *plan = launch->plan;
	struct namespace_join *joins = xcalloc(plan->join_count, sizeof(*joins));
	size_t count = 0;

	for (size_t i = 0; i < plan->join_count; i++)
		if (!plan->joins[i].is_for_init)
			joins[count++] = (struct namespace_join){
				.fd = launch->join_fds[i],
				.flag = plan->joins[i].flag,
				.origin = plan->joins[i].origin,
			};
	*ret_count = count;
	return joins;
}

/* Rootless: we could make the cgroup, but not enter it from where we are; nobody asked for it. */
static bool is_cgroup_dispensable(const struct launch *launch, int result)
{
	return (result == -EACCES || result == -EPERM) && !launch->child.is_limit &&
	       launch->cgroup.fd >= 0 && launch->plan->cgroup.is_optional;
}

static void give_cgroup_up(struct launch *launch)
{
	undo_make_cgroup(launch);
	if (err_last()->code)
		err_clear();
	cgroup_close(&launch->cgroup);
	launch->cgroup = (struct cgroup){ .fd = NO_FD };
	launch->record.cgroup = NULL;
	warn_no_cgroup(launch);
}

struct clone_limit *launch_list_limits(const struct plan *plan, size_t *ret_count)
{
	struct clone_limit *limits = xcalloc(plan->rlimit_count, sizeof(*limits));

	*ret_count = wants_own_limits(plan) ? plan->rlimit_count : 0;
	for (size_t i = 0; i < *ret_count; i++)
		limits[i] = (struct clone_limit){
			.resource = plan->rlimits[i].resource,
			.soft = plan->rlimits[i].soft,
			.hard = plan->rlimits[i].hard,
			.origin = plan->rlimits[i].origin,
		};
	return limits;
}

static int start(const struct clone_plan *clone, struct launch *launch)
{
	int result = clone_start(clone, &launch->child);

	if (result != -EOPNOTSUPP || !launch->cgroup.path)
		return result;
	err_clear();
	if (cgroup_settle_types(&launch->plan->cgroup))
		return err_code();
	return clone_start(clone, &launch->child);
}

int parent_start_init(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	size_t join_count, limit_count;
	_cleanup_free_ struct clone_limit *limits = launch_list_limits(plan, &limit_count);
	_cleanup_free_ struct namespace_join *joins = list_joins(launch, &join_count);
	_cleanup_free_ int *keep = xcalloc(
		4 + plan->tree_count + plan->mount_map_count + plan->join_count, sizeof(*keep));
	char block[16];
	char *args[] = { (char *)"tare-init", block, NULL };
	struct clone_plan clone = {
		.flags = plan->clone_flags &
			 ~(uint64_t)(plan->cgroup.unit ? CLONE_NEWCGROUP : 0),
		.enters_user_namespace = launch->init->has_user_namespace,
		.cgroup = launch->cgroup.fd,
		.program = launch->program,
		.args = args,
		.keep = keep,
		.keep_count = collect_fds(launch, keep),
		.joins = joins,
		.join_count = join_count,
		.makes_time_namespace = plan->wants_time_namespace,
		.time_offsets = plan->time_offsets,
		.limits = limits,
		.limit_count = limit_count,
	};
	int result;

	snprintf(block, sizeof(block), "%d", launch->block);
	result = start(&clone, launch);
	if (is_cgroup_dispensable(launch, result)) {
		err_clear();
		give_cgroup_up(launch);
		clone.cgroup = NO_FD;
		result = clone_start(&clone, &launch->child);
	}
	if (result)
		return result;
	fd_close(fd_take(&launch->their_channel));
	fd_close(fd_take(&launch->gate));
	return 0;
}

void undo_start_init(struct launch *launch)
{
	if (launch->child.pid <= 0 || launch->is_over || launch_follow(launch))
		return;
	sys_pidfd_send_signal(launch->child.pidfd, SIGKILL);
	if (!pidfd_has_ended(launch->child.pidfd, KILL_TIMEOUT_MS)) {
		err_refuse("container init does not end");
		return;
	}
	while (waitpid(launch->child.pid, NULL, 0) < 0 && errno == EINTR)
		;
	launch->is_over = true;
}

static int set_oom_score(const struct launch *launch)
{
	char path[64], text[16];

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", launch->child.pid);
	snprintf(text, sizeof(text), "%d", launch->plan->oom_score);
	if (fd_write_file(AT_FDCWD, path, text))
		return err_while("process.oomScoreAdj");
	return 0;
}

/*
 * One that the process takes on by itself, see init_limit_processes(), is not in the way until
 * then; but lowering it is all that the process may do.
 */
static int set_limit(pid_t pid, const struct plan_rlimit *limit, bool is_for_later)
{
	struct rlimit value = { limit->soft, limit->hard }, now;
	unsigned resource = (unsigned)limit->resource;

	if (is_for_later && prlimit(pid, resource, NULL, &now) < 0)
		return err_sys(errno, "prlimit");
	if (is_for_later && value.rlim_max < now.rlim_max)
		value.rlim_max = now.rlim_max;
	if (is_for_later)
		value.rlim_cur = value.rlim_max;
	if (prlimit(pid, resource, &value, NULL) < 0)
		return err_sys(errno, "%s: error setting rlimit type %d", limit->origin,
			       limit->resource);
	return 0;
}

/* Before init takes on the container's ids: raising a limit is up to our privileges. */
int parent_limits(struct launch *launch)
{
	const struct plan *plan = launch->plan;

	for (size_t i = 0; i < plan->rlimit_count && !wants_own_limits(plan); i++) {
		const struct plan_rlimit *limit = &plan->rlimits[i];
		bool is_for_later =
			plan->init->processes.is_set && limit->resource == RLIMIT_NPROC;

		if (set_limit(launch->child.pid, limit, is_for_later))
			return err_code();
	}
	return plan->has_oom_score ? set_oom_score(launch) : 0;
}
