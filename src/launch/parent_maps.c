/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_maps - which ids of the container's, and of its mounts, are which of ours. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "kernel/idmap.h"
#include "launch/parent.h"

static struct idmap *copy_maps(const struct plan_idmap *maps, size_t count)
{
	struct idmap *copy = xcalloc(count, sizeof(*copy));

	for (size_t i = 0; i < count; i++)
		copy[i] = (struct idmap){ maps[i].container, maps[i].host, maps[i].size };
	return copy;
}

int parent_write_idmap(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	_cleanup_free_ struct idmap *uids = copy_maps(plan->uid_maps, plan->uid_map_count);
	_cleanup_free_ struct idmap *gids = copy_maps(plan->gid_maps, plan->gid_map_count);
	struct idmap_plan maps = {
		.prefix = "linux.",
		.uids = uids,
		.gids = gids,
		.uid_count = plan->uid_map_count,
		.gid_count = plan->gid_map_count,
		.needs_tools = plan->needs_idmap_tools,
		.denies_setgroups = plan->denies_setgroups,
	};

	return idmap_write(launch->child.pid, &maps);
}

/* The user namespace that is joined; its descriptor has a use of its own already. */
static int copy_joined(const struct launch *launch)
{
	const struct plan *plan = launch->plan;

	for (size_t i = 0; i < plan->join_count; i++) {
		int fd;

		if (plan->joins[i].flag != CLONE_NEWUSER)
			continue;
		fd = fcntl(launch->join_fds[i], F_DUPFD_CLOEXEC, 3);
		return fd < 0 ? err_sys(errno, "dup") : fd;
	}
	return err_sys(ENOENT, "user namespace to take the mappings of");
}

static int make_map(const struct launch *launch, const struct plan_mount_map *map)
{
	_cleanup_free_ struct idmap *uids = copy_maps(map->uids, map->uid_count);
	_cleanup_free_ struct idmap *gids = copy_maps(map->gids, map->gid_count);
	_cleanup_free_ char *prefix = xprintf("%s.", map->origin);
	struct idmap_plan maps = {
		.prefix = prefix,
		.uids = uids,
		.gids = gids,
		.uid_count = map->uid_count,
		.gid_count = map->gid_count,
	};

	return map->uid_count ? idmap_namespace(&maps) : copy_joined(launch);
}

int parent_map_mounts(struct launch *launch)
{
	const struct plan *plan = launch->plan;

	launch->map_fds = xcalloc(plan->mount_map_count, sizeof(int));
	for (size_t i = 0; i < plan->mount_map_count; i++)
		launch->map_fds[i] = NO_FD;
	for (size_t i = 0; i < plan->mount_map_count; i++) {
		launch->map_fds[i] = make_map(launch, &plan->mount_maps[i]);
		if (launch->map_fds[i] < 0)
			return err_while("%s", plan->mount_maps[i].origin);
	}
	return 0;
}
