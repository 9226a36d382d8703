/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - what is mounted where, in order (config.md, "Mounts"). */
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "plan/annotations.h"
#include "plan/build.h"
#include "plan/mountmaps.h"
#include "plan/mountoptions.h"

/* One mount on its way from config.json into the block. */
struct draft {
	size_t index;
	const struct oci_mount *spec;
	struct mount_options options;
	const char *destination; /* clean */
	const char *source;      /* clean for a bind */
	enum mount_kind kind;
	int32_t map; /* index into plan->mount_maps, or NO_SLOT */
};

/* What lxcfs and its like may put over single files of /proc; all else there must be proc's. */
static const char *const proc_files[] = {
	"/proc/cpuinfo",
	"/proc/diskstats",
	"/proc/loadavg",
	"/proc/meminfo",
	"/proc/slabinfo",
	"/proc/stat",
	"/proc/swaps",
	"/proc/sys/crypto/fips_enabled",
	"/proc/sys/kernel/ns_last_pid",
	"/proc/uptime",
	NULL,
};

static bool is_type(const struct draft *draft, const char *type)
{
	return draft->spec->type && strcmp(draft->spec->type, type) == 0;
}

static int read_destination(struct build *b, struct draft *draft)
{
	const char *path = draft->spec->destination;
	const char *clean = build_clean(b, "/", path);

	if (!*path)
		return err_refuse("mounts[%zu].destination: must not be empty", draft->index);
	if (path[0] != '/')
		build_warn(b, LOG_WARNING,
			   "mounts[%zu].destination: \"%s\" is not absolute, taken as %s",
			   draft->index, path, clean);
	if (strcmp(clean, "/") == 0)
		return err_refuse("mounts[%zu].destination: must not be the container's root",
				  draft->index);
	draft->destination = clean;
	return 0;
}

static int find_kind(struct draft *draft)
{
	const char *type = draft->spec->type;

	if (draft->options.is_remount)
		draft->kind = MOUNT_REMOUNT;
	else if (draft->options.is_bind || is_type(draft, "bind"))
		draft->kind = MOUNT_BIND;
	else if (is_type(draft, "cgroup") || is_type(draft, "cgroup2"))
		draft->kind = MOUNT_CGROUP;
	else if (is_type(draft, "none") && draft->options.propagation_count)
		draft->kind = MOUNT_CHANGE;
	else if (type && *type && !is_type(draft, "none"))
		draft->kind = MOUNT_FS;
	else
		return err_refuse("mounts[%zu].type: required for all but bind mounts",
				  draft->index);
	return 0;
}

static int check_source(const struct draft *draft)
{
	if (!draft->spec->source || !*draft->spec->source)
		return err_refuse("mounts[%zu].source: required for a bind mount",
				  draft->index);
	return 0;
}

/*
 * How a tmpfs is to be made.  A bind makes none, and mount(2) passes over them
 * there, so documents have them (runtime-tools' do); all other words could mean
 * something that would not be done.
 */
static bool is_idle_in_bind(const char *option)
{
	return strncmp(option, "mode=", 5) == 0 || strncmp(option, "size=", 5) == 0;
}

static int check_bind_data(struct build *b, const struct draft *draft, size_t i)
{
	size_t at = draft->options.data_at[i];
	const char *option = draft->options.data[i];

	if (!is_idle_in_bind(option))
		return err_refuse("mounts[%zu].options[%zu]: bind mounts cannot have any "
				  "filesystem-specific options applied: \"%s\"",
				  draft->index, at, option);
	build_warn(b, LOG_WARNING,
		   "mounts[%zu].options[%zu]: \"%s\" does nothing: a bind mount shows the file "
		   "system as it is",
		   draft->index, at, option);
	return 0;
}

static int check_bind_options(struct build *b, struct draft *draft)
{
	for (size_t i = 0; i < draft->options.data_count; i++) {
		int code = build_note(b, check_bind_data(b, draft, i));

		if (code < 0)
			return code;
	}
	draft->options.data_count = 0;
	if (draft->options.superblock_set & ~(uint32_t)MS_SILENT)
		return err_refuse("mounts[%zu].options: bind mounts cannot have any "
				  "filesystem-specific options applied: sync, dirsync, mand, "
				  "iversion and lazytime belong to the file system",
				  draft->index);
	return 0;
}

static int check_bind(struct build *b, struct draft *draft)
{
	return build_note(b, check_source(draft))
		       ?: build_note(b, check_bind_options(b, draft));
}

/* Host-wide options of the one cgroup file system could be changed that way. */
static int check_filesystem_options(const struct draft *draft)
{
	bool takes_data = draft->kind == MOUNT_FS || draft->kind == MOUNT_REMOUNT;

	if (draft->options.data_count && !takes_data)
		return err_refuse("mounts[%zu].options[%zu]: a mount of this type takes no "
				  "filesystem-specific options: \"%s\"",
				  draft->index, draft->options.data_at[0],
				  draft->options.data[0]);
	return 0;
}

static int check_propagation(struct build *b, const struct draft *draft)
{
	const uint32_t *changes = draft->options.propagation;

	for (size_t i = 0; i < draft->options.propagation_count; i++)
		if (b->init->keeps_mount_namespace && !(changes[i] & MS_PRIVATE))
			return err_refuse(
				"mounts[%zu].options: without a private MNT namespace "
				"a mount can only be private or rprivate",
				draft->index);
	return 0;
}

static int check_copy_up(const struct draft *draft)
{
	if (draft->options.is_copied_up &&
	    !(draft->kind == MOUNT_FS && is_type(draft, "tmpfs")))
		return err_refuse("mounts[%zu].options: tmpcopyup is for tmpfs only",
				  draft->index);
	return 0;
}

static int check_data(struct build *b, const struct draft *draft)
{
	return build_note(b, check_filesystem_options(draft))
		       ?: build_note(b, check_copy_up(draft))
		       ?: build_note(b, check_propagation(b, draft));
}

/* The kernel and everything in the container trust /proc to be the real one. */
static int check_proc(const struct draft *draft)
{
	const char *destination = draft->destination;
	bool is_proc = draft->kind == MOUNT_FS && is_type(draft, "proc");

	if (draft->kind == MOUNT_REMOUNT || draft->kind == MOUNT_CHANGE)
		return 0;
	if (strcmp(destination, "/proc") == 0) {
		if (is_proc ||
		    (draft->kind == MOUNT_BIND && strcmp(draft->source, "/proc") == 0))
			return 0;
		return err_refuse(
			"mounts[%zu].destination: \"%s\" cannot be mounted because it "
			"is not of type proc",
			draft->index, destination);
	}
	if (!path_is_below(destination, "/proc"))
		return 0;
	for (const char *const *file = proc_files; *file; file++)
		if (draft->kind == MOUNT_BIND && strcmp(destination, *file) == 0)
			return 0;
	return err_refuse("mounts[%zu].destination: \"%s\" cannot be mounted because it is "
			  "inside /proc",
			  draft->index, destination);
}

/*
 * Where mounting cgroup2 itself is refused, what is shown there instead: with
 * a cgroup namespace what that would show, without one the whole tree.
 */
static const char *cgroup_source(struct build *b)
{
	const char *mount = b->host->cgroup_mount;
	const char *path = b->plan->cgroup.path ?: b->host->own_cgroup;

	if (!*mount)
		return NULL;
	if (!build_has_namespace(b, CLONE_NEWCGROUP) || strcmp(path, "/") == 0)
		return mount;
	return build_printf(b, "%s%s", mount, path);
}

static void read_source(struct build *b, struct draft *draft)
{
	if (draft->kind == MOUNT_CGROUP) {
		b->cgroup_source = b->cgroup_source ?: build_text(b, cgroup_source(b));
		draft->source = block_string(b->init, b->cgroup_source);
	} else if (draft->kind == MOUNT_BIND && draft->spec->source) {
		draft->source = build_clean(b, b->request->bundle, draft->spec->source);
	} else {
		draft->source = draft->spec->source;
	}
}

static void force_readonly(uint64_t *set, uint64_t *clear)
{
	*set |= MOUNT_ATTR_RDONLY;
	*clear &= ~(uint64_t)MOUNT_ATTR_RDONLY;
}

static bool brings_cgroups(const struct draft *draft)
{
	return draft->kind == MOUNT_BIND && draft->options.is_recursive &&
	       path_is_below(draft->source, "/sys") &&
	       path_is_below("/sys/fs/cgroup", draft->source);
}

/*
 * CVE-2023-25809: a rootless container must not get at the host's cgroups,
 * whether they are mounted, bound, or come along below /sys.
 */
static void protect_cgroups(struct build *b, struct draft *draft)
{
	struct mount_options *options = &draft->options;

	if (!b->plan->is_rootless)
		return;
	if (draft->kind == MOUNT_CGROUP && !build_has_namespace(b, CLONE_NEWCGROUP))
		force_readonly(&options->set, &options->clear);
	if (brings_cgroups(draft) && options->set & MOUNT_ATTR_RDONLY)
		force_readonly(&options->recursive_set, &options->recursive_clear);
}

/* A read-only /dev still has to be filled; see is_dev_readonly. */
static void postpone_readonly_dev(struct build *b, struct draft *draft)
{
	struct mount_options *options = &draft->options;
	uint64_t both = options->set | options->recursive_set;

	if (strcmp(draft->destination, "/dev") != 0 || draft->kind == MOUNT_CHANGE)
		return;
	if (draft->kind == MOUNT_REMOUNT &&
	    !((both | options->clear | options->recursive_clear) & MOUNT_ATTR_RDONLY))
		return;
	if (draft->kind != MOUNT_REMOUNT)
		b->init->makes_devices = draft->kind != MOUNT_BIND;
	b->init->is_dev_readonly = b->init->makes_devices && both & MOUNT_ATTR_RDONLY;
	if (!b->init->makes_devices)
		return;
	options->set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	options->recursive_set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
}

/*
 * The mount alone can be read-only, but a device that cannot be written needs
 * the file system to know; the ones that live in memory are filled by us.
 */
static void tell_filesystem_readonly(struct draft *draft)
{
	bool has_device = draft->source && draft->source[0] == '/';

	if (draft->kind == MOUNT_FS && has_device && draft->options.set & MOUNT_ATTR_RDONLY)
		draft->options.superblock_set |= MS_RDONLY;
}

/*
 * linux.mountLabel, where the file system takes one and config.json did not give it another.
 * The message queues of an ipc namespace are mounted by the kernel itself, before anybody can
 * say context=: the root of that file system gets the label afterwards.
 */
static bool wants_label(const struct build *b, const struct draft *draft)
{
	const char *label = b->linux->mount_label;

	return label && *label && draft->kind == MOUNT_FS && !is_type(draft, "proc") &&
	       !is_type(draft, "sysfs") && !mount_options_have(&draft->options, "context");
}

static void add_data(struct build *b, struct mount_options *options, const char *option)
{
	const char **data = build_items(b, options->data_count + 1, sizeof(*data));

	if (options->data_count)
		memcpy(data, options->data, options->data_count * sizeof(*data));
	data[options->data_count++] = option;
	options->data = data;
}

static void add_label(struct build *b, struct draft *draft)
{
	const char *name = annotation_find(&b->spec->annotations, ANNOTATION_MOUNT_CONTEXT);

	if (wants_label(b, draft) && !is_type(draft, "mqueue"))
		add_data(b, &draft->options,
			 build_printf(b, "%s=%s", name ? name : "context",
				      b->linux->mount_label));
}

/* Who surfaces later is not in the pid namespace yet that its /proc is to show. */
static void add_pid_namespace(struct build *b, struct draft *draft)
{
	if (b->init->surfaces && draft->kind == MOUNT_FS && is_type(draft, "proc"))
		add_data(b, &draft->options, "pidns=/proc/self/ns/pid_for_children");
}

/*
 * In another user namespace init may be nobody to the host's files, so the
 * parent opens what is bound; not what is in the root file system, which may
 * only come to be there by an earlier mount.  Unless its ids are to be mapped:
 * that, too, is for those who own the file system.  Into a container that is
 * there init goes without the host's files in sight.
 */
static bool wants_tree(const struct build *b, const struct draft *draft)
{
	const char *rootfs = b->plan->rootfs; /* while checking, it may be what is wrong */

	if (draft->kind != MOUNT_BIND || b->is_live)
		return draft->kind == MOUNT_BIND;
	if (!build_has_namespace(b, CLONE_NEWUSER) || !build_may(b, CAP_SYS_ADMIN))
		return false;
	return draft->map != NO_SLOT || !rootfs || !path_is_below(draft->source, rootfs);
}

static void add_tree(struct build *b, const struct draft *draft, struct block_mount *mount)
{
	struct plan *plan = b->plan;

	mount->tree = NO_SLOT;
	if (!wants_tree(b, draft))
		return;
	plan->trees = build_grow(b, plan->trees, plan->tree_count, &b->tree_room,
				 sizeof(*plan->trees));
	mount->tree = (int32_t)plan->tree_count;
	plan->trees[plan->tree_count++] = (struct plan_tree){
		.source = draft->source,
		.is_recursive = draft->options.is_recursive,
		.map = draft->map,
		.is_map_recursive = draft->options.is_idmap_recursive,
		.mount = draft->index,
		.origin = block_string(b->init, mount->origin),
	};
}

static void put_mount(struct build *b, const struct draft *draft, struct block_mount *mount)
{
	const struct mount_options *options = &draft->options;

	mount->origin = build_text_at(b, "mounts", draft->index);
	mount->destination = build_text(b, draft->destination);
	mount->source =
		draft->kind == MOUNT_CGROUP ? b->cgroup_source : build_text(b, draft->source);
	if (draft->kind == MOUNT_CGROUP)
		mount->type = build_text(b, "cgroup2");
	else if (draft->kind == MOUNT_FS)
		mount->type = build_text(b, draft->spec->type);
	if (wants_label(b, draft) && is_type(draft, "mqueue"))
		mount->label = build_text(b, b->linux->mount_label);
	mount->data = build_text_list(b, options->data, options->data_count);
	mount->propagation =
		build_u32_list(b, options->propagation, options->propagation_count);
	mount->set = options->set;
	mount->clear = options->clear;
	mount->recursive_set = options->recursive_set;
	mount->recursive_clear = options->recursive_clear;
	mount->superblock_set = options->superblock_set;
	mount->superblock_clear = options->superblock_clear;
	mount->idmap = build_has_namespace(b, CLONE_NEWUSER) ? NO_SLOT : draft->map;
	if (b->is_live && draft->kind == MOUNT_BIND)
		mount->idmap = NO_SLOT; /* the parent has mapped its tree */
	mount->is_idmap_recursive = mount->idmap != NO_SLOT && options->is_idmap_recursive;
	mount->kind = (uint8_t)draft->kind;
	mount->is_recursive = options->is_recursive;
	mount->is_copied_up = options->is_copied_up;
	mount->is_mode_given = mount_options_have(options, "mode");
	add_tree(b, draft, mount);
}

/* config-linux.md, "Cgroup ownership": the last mount there says who can write. */
static void note_cgroups(struct build *b, const struct draft *draft)
{
	if (strcmp(draft->destination, "/sys/fs/cgroup") == 0)
		b->has_writable_cgroups = draft->kind == MOUNT_CGROUP &&
					  !(draft->options.set & MOUNT_ATTR_RDONLY);
}

static int plan_mount(struct build *b, size_t index, struct block_mount *mount)
{
	struct draft draft = { .index = index, .spec = &b->spec->mounts.items[index] };
	size_t failures = b->failures;
	int code;

	mount_options_read(b, index, &draft.options);
	code = build_note(b, read_destination(b, &draft)) ?: build_note(b, find_kind(&draft));
	if (code == 0 && draft.kind == MOUNT_BIND)
		code = check_bind(b, &draft);
	/* What is wrong so far has no kind, source or place to go on with. */
	if (code < 0 || b->failures > failures)
		return code;
	read_source(b, &draft);
	code = check_data(b, &draft) ?: build_note(b, check_proc(&draft)) ?:
	       build_note(b, mountmaps_find(b, index, draft.kind, &draft.options, &draft.map));
	if (code < 0)
		return code;
	protect_cgroups(b, &draft);
	postpone_readonly_dev(b, &draft);
	tell_filesystem_readonly(&draft);
	add_label(b, &draft);
	add_pid_namespace(b, &draft);
	note_cgroups(b, &draft);
	put_mount(b, &draft, mount);
	return 0;
}

/* Of the runtime's own: where the container can tell us that it is ready. */
static void put_notify(struct build *b, size_t index, struct block_mount *mount)
{
	const struct draft draft = {
		.index = index,
		.kind = MOUNT_BIND,
		.source = b->request->notify_directory,
		.map = NO_SLOT,
	};

	b->plan->wants_notify = true;
	mount->origin = build_text(b, "NOTIFY_SOCKET");
	mount->destination = build_text(b, NOTIFY_PLACE);
	mount->source = build_text(b, draft.source);
	mount->set =
		MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
	mount->idmap = NO_SLOT;
	mount->kind = MOUNT_BIND;
	add_tree(b, &draft, mount);
}

int plan_mounts(struct build *b)
{
	size_t given = b->spec->mounts.count;
	size_t count = given + (b->request->notify_directory != NULL);
	struct block_mount *mounts;
	void *room;

	b->init->makes_devices = 1;
	b->init->mounts = block_put_list(&b->plan->block, count, sizeof(*mounts), &room);
	mounts = room;
	if (count > given)
		put_notify(b, given, &mounts[given]);
	for (size_t i = 0; i < given; i++) {
		int code = build_note(b, plan_mount(b, i, &mounts[i]));

		if (code < 0)
			return code;
	}
	mountmaps_put(b);
	return 0;
}
