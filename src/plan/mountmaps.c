/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountmaps - by which ids the files of a mount are shown (config.md, "Mounts"). */
#include "plan/mountmaps.h"

#include <linux/capability.h>
#include <linux/sched.h>
#include <string.h>

#include "base/err.h"
#include "plan/idmaps.h"

/* Where the wish was uttered, for errors: "mounts[1].options[2]". */
static const char *place(struct build *b, size_t index, const struct mount_options *options)
{
	if (b->spec->mounts.items[index].uid_mappings.count)
		return build_printf(b, "mounts[%zu].uidMappings", index);
	return build_printf(b, "mounts[%zu].options[%zu]", index, options->idmap_index);
}

/*
 * MOUNT_ATTR_IDMAP wants privileges over the file system.  Over ours the parent
 * has them; over one that the container's user namespace mounts, it is the ids
 * of that namespace's children that could be shown, and those are nobody's.
 */
static int check(struct build *b, size_t index, enum mount_kind kind,
		 const struct mount_options *options)
{
	const char *where = place(b, index, options);

	if (!build_may(b, CAP_SYS_ADMIN))
		return err_lack("%s: id-mapped mounts are not supported for rootless "
				"containers",
				where);
	if (kind != MOUNT_BIND && kind != MOUNT_FS)
		return err_refuse("%s: id-mapped mounts are only supported for bind-mounts "
				  "and new file systems",
				  where);
	if (kind == MOUNT_FS && build_has_namespace(b, CLONE_NEWUSER))
		return err_refuse("%s: with a user namespace, id-mapped mounts are only "
				  "supported for bind-mounts",
				  where);
	return 0;
}

/* config.md: "idmap" without mappings takes the container's user namespace's. */
static int take_own(struct build *b, size_t index, const struct mount_options *options,
		    struct plan_mount_map *map)
{
	if (!build_has_namespace(b, CLONE_NEWUSER))
		return err_refuse("mounts[%zu].options[%zu]: without uidMappings and "
				  "gidMappings, and there is no user namespace whose mappings "
				  "it could take",
				  index, options->idmap_index);
	if (b->joined_namespaces & CLONE_NEWUSER)
		return 0;
	map->uids = b->plan->uid_maps;
	map->gids = b->plan->gid_maps;
	map->uid_count = b->plan->uid_map_count;
	map->gid_count = b->plan->gid_map_count;
	return 0;
}

static int read_map(struct build *b, size_t index, const struct mount_options *options,
		    struct plan_mount_map *map)
{
	const struct oci_mount *spec = &b->spec->mounts.items[index];

	map->origin = build_printf(b, "mounts[%zu]", index);
	if (!spec->uid_mappings.count)
		return take_own(b, index, options, map);
	return idmaps_copy(b, &spec->uid_mappings,
			   build_printf(b, "mounts[%zu].uidMappings", index), &map->uids,
			   &map->uid_count)
		       ?: idmaps_copy(b, &spec->gid_mappings,
				      build_printf(b, "mounts[%zu].gidMappings", index),
				      &map->gids, &map->gid_count);
}

static bool is_same(const struct plan_mount_map *a, const struct plan_mount_map *b)
{
	return a->uid_count == b->uid_count && a->gid_count == b->gid_count &&
	       (!a->uid_count ||
		memcmp(a->uids, b->uids, a->uid_count * sizeof(*a->uids)) == 0) &&
	       (!a->gid_count ||
		memcmp(a->gids, b->gids, a->gid_count * sizeof(*a->gids)) == 0);
}

/* Mounts with the same mapping share one: each costs a process. */
static int32_t add(struct build *b, const struct plan_mount_map *map)
{
	struct plan *plan = b->plan;
	size_t i = 0;

	while (i < plan->mount_map_count && !is_same(&plan->mount_maps[i], map))
		i++;
	if (i == plan->mount_map_count) {
		plan->mount_maps = build_grow(b, plan->mount_maps, i, &b->mount_map_room,
					      sizeof(*plan->mount_maps));
		plan->mount_maps[plan->mount_map_count++] = *map;
	}
	return (int32_t)i;
}

int mountmaps_find(struct build *b, size_t index, enum mount_kind kind,
		   const struct mount_options *options, int32_t *ret_map)
{
	const struct oci_mount *spec = &b->spec->mounts.items[index];
	bool has_uids = spec->uid_mappings.count > 0;
	bool has_gids = spec->gid_mappings.count > 0;
	struct plan_mount_map map = { 0 };
	int code;

	if (has_uids != has_gids)
		return err_refuse("mounts[%zu].%sMappings: there must be uidMappings and "
				  "gidMappings, or neither",
				  index, has_uids ? "uid" : "gid");
	*ret_map = NO_SLOT;
	if (!has_uids && !options->is_idmapped)
		return 0;
	code = check(b, index, kind, options) ?: read_map(b, index, options, &map);
	if (code == 0)
		*ret_map = add(b, &map);
	return code;
}

/* With a user namespace it is the parent that applies them, see plan_tree. */
void mountmaps_put(struct build *b)
{
	void *room;

	if (!build_has_namespace(b, CLONE_NEWUSER))
		b->init->mount_maps = block_put_list(&b->plan->block, b->plan->mount_map_count,
						     sizeof(int32_t), &room);
}
