/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespaces - new ones, joined ones, and who does it (config-linux.md, "Namespaces"). */
#include <linux/capability.h>
#include <linux/sched.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "plan/build.h"
#include "plan/idmaps.h"

/* clang-format off */
static const unsigned type_flags[] = {
	[OCI_NAMESPACE_PID]     = CLONE_NEWPID,
	[OCI_NAMESPACE_NETWORK] = CLONE_NEWNET,
	[OCI_NAMESPACE_MOUNT]   = CLONE_NEWNS,
	[OCI_NAMESPACE_IPC]     = CLONE_NEWIPC,
	[OCI_NAMESPACE_UTS]     = CLONE_NEWUTS,
	[OCI_NAMESPACE_USER]    = CLONE_NEWUSER,
	[OCI_NAMESPACE_CGROUP]  = CLONE_NEWCGROUP,
	[OCI_NAMESPACE_TIME]    = CLONE_NEWTIME,
};

/* The user namespace gives the right to join others; the mount namespace takes paths away. */
static const enum oci_namespace_type join_order[] = {
	OCI_NAMESPACE_USER, OCI_NAMESPACE_CGROUP, OCI_NAMESPACE_IPC, OCI_NAMESPACE_UTS,
	OCI_NAMESPACE_NETWORK, OCI_NAMESPACE_TIME, OCI_NAMESPACE_PID, OCI_NAMESPACE_MOUNT,
};
/* clang-format on */

/* An unset path may be written as an empty one. */
static bool has_path(const struct oci_namespace *item)
{
	return item->path && *item->path;
}

static int check_type(struct build *b, size_t index, unsigned flag)
{
	enum oci_namespace_type type = b->linux->namespaces.items[index].type;

	if ((b->new_namespaces | b->joined_namespaces) & flag)
		return err_refuse("linux.namespaces[%zu].type: duplicated namespace \"%s\"",
				  index, oci_namespace_type_words[type]);
	return 0;
}

static int check_path(size_t index, const struct oci_namespace *item)
{
	if (has_path(item) && item->path[0] != '/')
		return err_refuse("linux.namespaces[%zu].path: \"%s\" is not absolute", index,
				  item->path);
	return 0;
}

static int collect(struct build *b)
{
	const struct oci_namespaces *list = &b->linux->namespaces;

	for (size_t i = 0; i < list->count; i++) {
		const struct oci_namespace *item = &list->items[i];
		unsigned flag = type_flags[item->type];
		int code = build_note(b, check_type(b, i, flag))
				   ?: build_note(b, check_path(i, item));

		if (code < 0)
			return code;
		if (has_path(item))
			b->joined_namespaces |= flag;
		else
			b->new_namespaces |= flag;
		b->plan->join_count += has_path(item);
	}
	return 0;
}

static void add_join(struct build *b, size_t index, size_t *at)
{
	const struct oci_namespace *item = &b->linux->namespaces.items[index];

	unsigned flag = type_flags[item->type];

	b->plan->joins[(*at)++] = (struct plan_join){
		.flag = flag,
		.path = item->path,
		.is_for_init =
			!b->plan->needs_joiner || (flag == CLONE_NEWPID && b->init->surfaces),
		.origin = build_printf(b, "linux.namespaces[%zu]", index),
	};
}

static void order_joins(struct build *b)
{
	const struct oci_namespaces *list = &b->linux->namespaces;
	size_t at = 0;

	b->plan->joins = build_items(b, b->plan->join_count, sizeof(struct plan_join));
	for (size_t i = 0; i < ARRAY_SIZE(join_order); i++)
		for (size_t k = 0; k < list->count; k++)
			if (list->items[k].type == join_order[i] && has_path(&list->items[k]))
				add_join(b, k, &at);
}

/* In the order of the plan; what it does not join has no place among them. */
static void give_joins_to_init(struct build *b)
{
	struct block_join *joins;
	size_t count = 0;
	void *room;

	for (size_t i = 0; i < b->plan->join_count; i++)
		count += b->plan->joins[i].is_for_init;
	b->init->joins =
		block_put_list(&b->plan->block, count, sizeof(struct block_join), &room);
	joins = room;
	for (size_t i = 0; i < b->plan->join_count; i++) {
		const struct plan_join *join = &b->plan->joins[i];

		if (join->is_for_init)
			*joins++ = (struct block_join){
				.fd = NO_SLOT,
				.flag = join->flag,
				.origin = build_text(b, join->origin),
			};
	}
}

/* A new /proc shows the pid namespace of who mounts it; since Linux 6.17 another can be named. */
static bool can_mount_proc_from_afar(const struct build *b)
{
	const struct oci_mounts *mounts = &b->spec->mounts;

	if (b->host->kernel >= (6u << 16 | 17u << 8))
		return true;
	for (size_t i = 0; i < mounts->count; i++)
		if (mounts->items[i].type && strcmp(mounts->items[i].type, "proc") == 0)
			return false;
	return true;
}

/*
 * Who is in a pid namespace that is joined sees us.  In a user namespace nobody
 * there may trace us before we are as they are (main.c); without one whoever has
 * CAP_SYS_PTRACE may, so that we come to the surface last of all, where the
 * kernel lets us.
 */
static void plan_surface(struct build *b)
{
	b->init->surfaces = (b->joined_namespaces & CLONE_NEWPID) != 0 &&
			    !build_has_namespace(b, CLONE_NEWUSER) &&
			    can_mount_proc_from_afar(b);
}

static int copy_maps(struct build *b)
{
	const struct oci_linux *spec = b->linux;
	struct plan *plan = b->plan;

	int code = build_note(b, idmaps_copy(b, &spec->uid_mappings, "linux.uidMappings",
					     &plan->uid_maps, &plan->uid_map_count));

	return code
		       ?: build_note(b, idmaps_copy(b, &spec->gid_mappings, "linux.gidMappings",
						    &plan->gid_maps, &plan->gid_map_count));
}

static bool has_maps(const struct build *b, const struct oci_id_mappings *list,
		     const char *path)
{
	return list->count > 0 || build_is_unsure(b, path);
}

static int check_mappings(struct build *b)
{
	bool has_uids = has_maps(b, &b->linux->uid_mappings, "linux.uidMappings");
	bool has_gids = has_maps(b, &b->linux->gid_mappings, "linux.gidMappings");
	const char *given = has_uids ? "linux.uidMappings" : "linux.gidMappings";

	if (!build_has_namespace(b, CLONE_NEWUSER)) {
		if (has_uids || has_gids)
			return err_refuse("%s: there is no user namespace for these mappings",
					  given);
		if (b->host->euid != 0)
			return err_lack("linux.namespaces: rootless container requires user "
					"namespaces");
		return 0;
	}
	if (!(b->new_namespaces & CLONE_NEWUSER))
		return copy_maps(b);
	if (!has_uids && !has_gids)
		return err_refuse(
			"linux.namespaces: a new user namespace needs uidMappings and "
			"gidMappings");
	if (!has_uids || !has_gids)
		return err_refuse("%s: there must be uidMappings and gidMappings, or neither",
				  given);
	return copy_maps(b);
}

/* user_namespaces(7): without privilege, a process may map its own id and nothing else. */
static bool is_own_id_only(const struct plan_idmap *maps, size_t count, uint32_t own)
{
	return count == 1 && maps[0].size == 1 && maps[0].host == own;
}

static int check_root_uid(struct build *b)
{
	if (idmaps_find(b->plan->uid_maps, b->plan->uid_map_count, 0) == NO_ID)
		return err_refuse("linux.uidMappings: container ID 0 is not mapped");
	return 0;
}

static int check_root_gid(struct build *b)
{
	if (idmaps_find(b->plan->gid_maps, b->plan->gid_map_count, 0) == NO_ID)
		return err_refuse("linux.gidMappings: container ID 0 is not mapped");
	return 0;
}

static int check_root_ids(struct build *b)
{
	return build_note(b, check_root_uid(b)) ?: build_note(b, check_root_gid(b));
}

static int plan_user_namespace(struct build *b)
{
	struct plan *plan = b->plan;
	bool may_map = build_may(b, CAP_SETUID) && build_may(b, CAP_SETGID);
	size_t failures = b->failures;
	int code = build_note(b, check_mappings(b));

	if (code < 0)
		return code;
	b->init->has_user_namespace = build_has_namespace(b, CLONE_NEWUSER);
	b->init->may_set_groups = 1;
	if (!(b->new_namespaces & CLONE_NEWUSER))
		return 0;
	/* Who is in a map that is wrong, nobody can say. */
	b->has_good_maps = b->failures == failures &&
			   !build_is_unsure(b, "linux.uidMappings") &&
			   !build_is_unsure(b, "linux.gidMappings");
	code = b->has_good_maps ? check_root_ids(b) : 0;
	if (code < 0)
		return code;
	b->has_good_maps &= b->failures == failures;
	if (may_map)
		return 0;
	plan->needs_idmap_tools =
		!is_own_id_only(plan->uid_maps, plan->uid_map_count, b->host->euid) ||
		!is_own_id_only(plan->gid_maps, plan->gid_map_count, b->host->egid);
	/* The kernel wants it before an unprivileged gid_map; newgidmap(1) does so itself. */
	plan->denies_setgroups = !plan->needs_idmap_tools;
	b->init->may_set_groups = !plan->denies_setgroups;
	return 0;
}

static int check_offset(const struct oci_time_offset *item)
{
	if (strcmp(item->key, "monotonic") != 0 && strcmp(item->key, "boottime") != 0)
		return err_refuse("linux.timeOffsets[\"%s\"]: there is no such clock, only "
				  "monotonic and boottime",
				  item->key);
	if (item->nanosecs.value >= 1000000000)
		return err_refuse(
			"linux.timeOffsets[\"%s\"].nanosecs: %u is more than a second",
			item->key, item->nanosecs.value);
	return 0;
}

/* time_namespaces(7): one line of timens_offsets for each clock. */
static int offsets_text(struct build *b, const char **ret_text)
{
	const struct oci_time_offsets *list = &b->linux->time_offsets;
	const char *text = "";

	for (size_t i = 0; i < list->count; i++) {
		const struct oci_time_offset *item = &list->items[i];

		int code = build_note(b, check_offset(item));

		if (code < 0)
			return code;
		text = build_printf(b, "%s%s %lld %u\n", text, item->key,
				    (long long)item->secs.value, item->nanosecs.value);
	}
	*ret_text = list->count ? text : NULL;
	return 0;
}

static int check_time(struct build *b)
{
	if (b->linux->time_offsets.count && b->joined_namespaces & CLONE_NEWTIME)
		return err_refuse(
			"linux.timeOffsets: the time namespace that is joined has its "
			"offsets already");
	if (b->linux->time_offsets.count && !build_has_namespace(b, CLONE_NEWTIME))
		return err_refuse("linux.timeOffsets: there is no time namespace for these "
				  "offsets");
	if (build_has_namespace(b, CLONE_NEWTIME) && !b->host->has_time_namespace)
		return err_lack("linux.namespaces: the kernel has no time namespaces");
	return 0;
}

/*
 * Whoever unshares a time namespace is not in it, its children are.  So the
 * joiner makes it; but one that belongs to a new user namespace can only be
 * made from within, and there init enters it by its execve(2).
 */
static int plan_time_namespace(struct build *b)
{
	const char *offsets = NULL;
	int code = build_note(b, check_time(b));

	if (code < 0 || !(b->new_namespaces & CLONE_NEWTIME))
		return code;
	code = offsets_text(b, &offsets);
	if (code < 0)
		return code;
	if (!(b->new_namespaces & CLONE_NEWUSER)) {
		b->plan->wants_time_namespace = true;
		b->plan->time_offsets = offsets;
		return 0;
	}
	if (b->host->kernel < (6u << 16 | 2u << 8))
		return err_lack("linux.namespaces: a time namespace within a new user "
				"namespace needs Linux 6.2");
	b->init->wants_time_namespace = 1;
	b->init->time_offsets = build_text(b, offsets);
	return 0;
}

int plan_namespaces(struct build *b)
{
	unsigned born_into = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWTIME;
	int code;

	if (build_is_unsure(b, "linux.namespaces"))
		b->unsure_namespaces = ~0u;
	code = collect(b) ?: plan_user_namespace(b) ?: build_note(b, plan_time_namespace(b));
	if (code < 0)
		return code;
	b->plan->clone_flags = b->new_namespaces & ~(unsigned)CLONE_NEWTIME;
	plan_surface(b);
	if (b->init->surfaces)
		born_into &= ~(unsigned)CLONE_NEWPID;
	b->plan->needs_joiner = b->plan->wants_time_namespace ||
				b->joined_namespaces & born_into ||
				(b->joined_namespaces && b->new_namespaces & CLONE_NEWUSER);
	order_joins(b);
	give_joins_to_init(b);
	b->init->has_mount_namespace = (b->new_namespaces & CLONE_NEWNS) != 0;
	b->init->has_pid_namespace = build_has_namespace(b, CLONE_NEWPID);
	b->init->wants_loopback = (b->new_namespaces & CLONE_NEWNET) != 0;
	return 0;
}

/* All that the container has of its own or was given: they are init's now. */
int plan_entry(struct build *b)
{
	int code = collect(b);

	if (code < 0)
		return code;
	if (b->new_namespaces & CLONE_NEWUSER) {
		code = copy_maps(b);
		b->has_good_maps = code == 0;
	}
	b->plan->join_count = 0;
	b->init->namespaces = b->new_namespaces | b->joined_namespaces;
	b->init->has_user_namespace = build_has_namespace(b, CLONE_NEWUSER);
	b->init->has_pid_namespace = build_has_namespace(b, CLONE_NEWPID);
	b->init->may_set_groups = 1;
	return code;
}
