/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - do what "mounts" in config.json says, in its order. */
#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/copyup.h"
#include "init/init.h"
#include "init/mountlabel.h"
#include "init/oldmount.h"
#include "kernel/mountfd.h"
#include "kernel/syscalls.h"
#include "kernel/target.h"

#define OVERFLOW_ID 65534 /* proc_sys_kernel(5), "overflowuid" */

/* Room for what a tmpfs inherits of the directory that it covers. */
struct inherited {
	char mode[16];
	char uid[24];
	char gid[24];
};

static bool is_text(const struct init *init, block_text text, const char *expected)
{
	const char *own = block_string(init->plan, text);

	return own && strcmp(own, expected) == 0;
}

static bool is_type(const struct init *init, const struct block_mount *mount, const char *type)
{
	return is_text(init, mount->type, type);
}

static bool has_option(const char *const *data, const char *name)
{
	for (; *data; data++)
		if (strncmp(*data, name, strlen(name)) == 0)
			return true;
	return false;
}

/* An owner that the user namespace has no id for is shown as nobody, and is not for us to give. */
static bool is_ours_to_give(const struct init *init, uint32_t id)
{
	return id != 0 && !(init->plan->has_user_namespace && id == OVERFLOW_ID);
}

/* A tmpfs looks like the directory of the image that it covers, unless it is told otherwise. */
static size_t inherit(const struct init *init, int target, const char **data, size_t count,
		      struct inherited *space)
{
	struct stat status;

	if (fstat(target, &status) < 0)
		return count;
	if (!has_option(data, "mode=")) {
		snprintf(space->mode, sizeof(space->mode), "mode=%o", status.st_mode & 07777);
		data[count++] = space->mode;
	}
	if (is_ours_to_give(init, status.st_uid) && !has_option(data, "uid=")) {
		snprintf(space->uid, sizeof(space->uid), "uid=%u", status.st_uid);
		data[count++] = space->uid;
	}
	if (is_ours_to_give(init, status.st_gid) && !has_option(data, "gid=")) {
		snprintf(space->gid, sizeof(space->gid), "gid=%u", status.st_gid);
		data[count++] = space->gid;
	}
	return count;
}

/*
 * procfs and sysfs, and whatever else is to be /proc and /sys, go on a directory
 * of that very name: a symlink there could lead what is written to them later
 * to other files (CVE-2023-27561).
 */
static int open_plain_directory(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
	};
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return err_refuse("%s must be mounted on ordinary directory", path);
	if (fd < 0)
		return err_sys(errno, "open %s in rootfs", path);
	return fd;
}

static bool wants_plain_directory(const struct init *init, const struct block_mount *mount)
{
	return is_type(init, mount, "proc") || is_type(init, mount, "sysfs") ||
	       is_text(init, mount->destination, "/proc") ||
	       is_text(init, mount->destination, "/sys");
}

static int open_target(const struct init *init, const struct block_mount *mount,
		       enum target_kind kind, bool *ret_is_new)
{
	const char *path = block_string(init->plan, mount->destination);
	int fd;

	if (!wants_plain_directory(init, mount))
		return target_open(init->root, path, kind, ret_is_new);
	fd = open_plain_directory(init->root, path);
	if (fd != -ENOENT)
		return fd;
	err_clear();
	fd = target_open(init->root, path, kind, ret_is_new);
	if (fd < 0)
		return fd;
	fd_close(fd);
	return open_plain_directory(init->root, path);
}

static int map_ids(const struct init *init, const struct block_mount *mount, int tree)
{
	const int32_t *maps = LIST_OF(init->plan, init->plan->mount_maps, int32_t);

	if (mount->idmap == NO_SLOT)
		return 0;
	return mountfd_idmap(tree, maps[mount->idmap], mount->is_idmap_recursive);
}

/* What comes after the mount is there but before anybody sees it, then show it. */
static int finish(const struct init *init, const struct block_mount *mount, int tree,
		  int target)
{
	const uint32_t *changes = LIST_OF(init->plan, mount->propagation, uint32_t);

	if (map_ids(init, mount, tree) || mountlabel_set(init, mount, tree))
		return err_code();
	if (mountfd_change(tree, mount->recursive_set, mount->recursive_clear, true))
		return err_code();
	for (uint32_t i = 0; i < mount->propagation.count; i++)
		if (mountfd_propagation(tree, changes[i]))
			return err_code();
	return mountfd_attach(tree, target);
}

static int mount_fs(struct init *init, const struct block_mount *mount)
{
	const char **data = init_texts(init->plan, mount->data, 3);
	bool is_new = false;
	_cleanup_close_ int target = open_target(init, mount, TARGET_DIRECTORY, &is_new);
	_cleanup_close_ int tree = NO_FD;
	struct inherited space;
	struct mountfd_fs fs = {
		.type = block_string(init->plan, mount->type),
		.source = block_string(init->plan, mount->source),
		.data = data,
		.data_count = mount->data.count,
		.superblock = mount->superblock_set,
		.attributes = mount->set,
	};

	if (target < 0)
		return target;
	/* The source of a cgroup mount is what is bound if the kernel wants it so. */
	if (mount->kind == MOUNT_CGROUP)
		fs.source = "cgroup";
	if (is_type(init, mount, "tmpfs") && !is_new)
		fs.data_count = inherit(init, target, data, fs.data_count, &space);
	if (oldmount_is_needed(&fs))
		return oldmount_fs(init, mount, &fs, target);
	tree = mountfd_new(&fs);
	if (tree < 0)
		return tree;
	if (mount->is_copied_up && !is_new && copyup(target, tree))
		return err_while("copy up");
	return finish(init, mount, tree, target);
}

/* What the options say about a bind: the rest stays as it is at the source. */
static int change_bind(int tree, const struct block_mount *mount)
{
	return mountfd_change(tree, mount->set, mount->clear, false);
}

static int open_source(const struct init *init, const struct block_mount *mount)
{
	if (mount->tree != NO_SLOT)
		return mount->tree;
	return mountfd_clone(AT_FDCWD, block_string(init->plan, mount->source),
			     mount->is_recursive);
}

/*
 * Of which kind a target is that is there, the kernel will see: it attaches no file to a directory.
 * Of which kind TREE is counts where something is to be made.
 */
static int open_bind_target(const struct init *init, const struct block_mount *mount, int tree)
{
	int fd = -ENOENT;

	if (!wants_plain_directory(init, mount))
		fd = target_find(init->root, block_string(init->plan, mount->destination));
	if (fd != -ENOENT)
		return fd;
	return open_target(init, mount, fd_is_directory(tree) ? TARGET_DIRECTORY : TARGET_FILE,
			   NULL);
}

static int bind(struct init *init, const struct block_mount *mount)
{
	_cleanup_close_ int tree = NO_FD, target = NO_FD;

	if (mountfd_is_missing() && mount->tree == NO_SLOT)
		return oldmount_bind(init, mount);
	tree = open_source(init, mount);
	if (tree < 0)
		return tree;
	target = open_bind_target(init, mount, tree);
	if (target < 0)
		return target;
	if (change_bind(tree, mount))
		return err_code();
	return finish(init, mount, tree, target);
}

/* A user namespace that does not own our cgroup namespace may not mount it anew: bind it. */
static int mount_cgroup(struct init *init, const struct block_mount *mount)
{
	int result = mount_fs(init, mount);

	if (result != -EPERM && result != -EBUSY && result != -ENODEV)
		return result;
	if (!mount->source)
		return err_while("there is no cgroup2 file system to show in its place");
	err_clear();
	return bind(init, mount);
}

/* Options of the file system itself, for all places where it is mounted. */
static int reconfigure(const struct init *init, const struct block_mount *mount, int target)
{
	struct mountfd_fs fs = {
		.type = "remount",
		.data = init_texts(init->plan, mount->data, 0),
		.data_count = mount->data.count,
		.superblock = mount->superblock_set,
		.superblock_clear = mount->superblock_clear,
	};

	if (fs.data_count == 0 && !fs.superblock && !fs.superblock_clear)
		return 0;
	if (oldmount_is_needed(&fs))
		return oldmount_reconfigure(&fs, mount->set, target);
	return mountfd_reconfigure(target, &fs);
}

/* Change what is mounted at the destination already. */
static int remount(struct init *init, const struct block_mount *mount)
{
	const char *path = block_string(init->plan, mount->destination);
	const uint32_t *changes = LIST_OF(init->plan, mount->propagation, uint32_t);
	_cleanup_close_ int target = fd_open_in(init->root, path, O_PATH);

	if (target < 0)
		return target;
	if (mountfd_change(target, mount->set, mount->clear, false) ||
	    mountfd_change(target, mount->recursive_set, mount->recursive_clear, true))
		return err_code();
	for (uint32_t i = 0; i < mount->propagation.count; i++)
		if (mountfd_propagation(target, changes[i]))
			return err_code();
	return reconfigure(init, mount, target);
}

static int mount_one(struct init *init, const struct block_mount *mount)
{
	switch ((enum mount_kind)mount->kind) {
	case MOUNT_FS:
		return mount_fs(init, mount);
	case MOUNT_BIND:
		return bind(init, mount);
	case MOUNT_CGROUP:
		return mount_cgroup(init, mount);
	case MOUNT_REMOUNT:
	case MOUNT_CHANGE:
		return remount(init, mount);
	}
	return err_refuse("mount of kind %u", mount->kind);
}

int init_mount(struct init *init, uint32_t index)
{
	const struct init_plan *plan = init->plan;
	const struct block_mount *mount =
		&LIST_OF(plan, plan->mounts, struct block_mount)[index];
	int result = mount_one(init, mount);

	if (result == -ENOENT && mount->is_optional) {
		err_clear();
		return 0;
	}
	if (result)
		return err_while("%s: error mounting \"%s\"", block_string(plan, mount->origin),
				 block_string(plan, mount->destination));
	return 0;
}

int act_mounts(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const int32_t *maps = LIST_OF(plan, plan->mount_maps, int32_t);

	for (uint32_t i = 0; i < plan->mounts.count; i++)
		if (init_mount(init, i))
			return err_code();
	for (uint32_t i = 0; i < plan->mount_maps.count; i++)
		fd_close(maps[i]);
	return 0;
}
