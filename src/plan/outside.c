/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outside - what of a container is not its own: CRIU is told, and does not save it. */
#include "plan/outside.h"

#include <sched.h>

#include "base/err.h"

/* cgroup2 of a cgroup namespace is a mount like others; without one it is a bind of the host's. */
static bool is_outside(const struct plan *plan, const struct block_mount *mount)
{
	if (mount->kind == MOUNT_CGROUP)
		return !(plan->clone_flags & CLONE_NEWCGROUP);
	return mount->kind == MOUNT_BIND;
}

/* The host's nodes, where the container may make none. */
static size_t add_devices(const struct plan *plan, struct criu_pair *list)
{
	const struct init_plan *init = plan->init;
	size_t count = init->binds_devices ? init->devices.count : 0;

	for (size_t i = 0; i < count; i++) {
		const char *path = block_string(
			init, LIST_OF(init, init->devices, struct block_device)[i].path);

		list[i] = (struct criu_pair){ path, path };
	}
	return count;
}

size_t outside_mounts(const struct plan *plan, struct arena *arena,
		      struct criu_pair **ret_mounts)
{
	const struct init_plan *init = plan->init;
	const struct block_mount *mounts = LIST_OF(init, init->mounts, struct block_mount);
	size_t count = 0;
	struct criu_pair *list = arena_alloc(
		arena, (init->mounts.count + init->devices.count + 1) * sizeof(*list));

	for (uint32_t i = 0; i < init->mounts.count; i++)
		if (is_outside(plan, &mounts[i]))
			list[count++] = (struct criu_pair){
				block_string(init, mounts[i].destination),
				block_string(init, mounts[i].source),
			};
	*ret_mounts = list;
	return count + add_devices(plan, list + count);
}

/* The keys are those that runc uses: images can be passed on. */
/* clang-format off */
static const struct outside_namespace kinds[] = {
	{ "net", "extRootNetNS", CLONE_NEWNET, 0 },
	{ "pid", "extRootPidNS", CLONE_NEWPID, 0 },
	{ "ipc", NULL,           CLONE_NEWIPC, 0 },
	{ "uts", NULL,           CLONE_NEWUTS, 0 },
};
/* clang-format on */

int outside_namespaces(const struct plan *plan, struct outside_namespace *ret_list)
{
	for (size_t i = 0; i < plan->join_count; i++) {
		const struct plan_join *join = &plan->joins[i];
		size_t kind = 0;

		while (kind < ARRAY_SIZE(kinds) && kinds[kind].flag != join->flag)
			kind++;
		if (kind == ARRAY_SIZE(kinds))
			return err_refuse("%s.path: CRIU cannot save a container that has "
					  "joined a namespace of this type",
					  join->origin);
		ret_list[i] = kinds[kind];
		ret_list[i].join = i;
	}
	return (int)plan->join_count;
}

int outside_check(const struct plan *plan)
{
	if (!(plan->clone_flags & CLONE_NEWNS))
		return err_refuse("linux.namespaces: CRIU cannot save a container without a "
				  "mount namespace of its own");
	if (plan->net_device_count > 0)
		return err_refuse("%s: CRIU cannot save a device of the host's network",
				  plan->net_devices[0].origin);
	return 0;
}
