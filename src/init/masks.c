/* SPDX-License-Identifier: GPL-2.0-or-later */
/* masks - hide or write-protect paths of the container. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/bind.h"
#include "init/init.h"
#include "init/oldmount.h"
#include "kernel/mountfd.h"
#include "kernel/syscalls.h"

#define MASK_ATTRIBUTES \
	(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* What is not there needs no protection; nothing else may be passed over. */
static int open_existing(const struct init *init, const char *path)
{
	int target = fd_open_in(init->root, path, O_PATH);

	if (target != -ENOENT && target != -ENOTDIR)
		return target;
	err_clear();
	return NO_FD;
}

static int make_readonly(const struct init *init, const char *path)
{
	_cleanup_close_ int target = open_existing(init, path);
	struct bind bind = {
		.dir = target,
		.source = "",
		.path = path,
		.target = target,
		.set = MOUNT_ATTR_RDONLY,
		.is_recursive = true,
	};

	if (target == NO_FD)
		return 0;
	return target < 0 ? target : bind_over(init, &bind);
}

int act_readonly_paths(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const struct block_entry *entries =
		LIST_OF(plan, plan->readonly_paths, struct block_entry);

	for (uint32_t i = 0; i < plan->readonly_paths.count; i++)
		if (make_readonly(init, block_string(plan, entries[i].text)))
			return err_while("%s", block_string(plan, entries[i].origin));
	return 0;
}

/* Files are hidden behind the host's /dev/null: the container's could be anything. */
static int open_null(struct init *init)
{
	struct stat status;

	if (init->null >= 0)
		return 0;
	init->null = fd_open(AT_FDCWD, "/dev/null", O_PATH, 0);
	if (init->null < 0)
		return init->null;
	if (fstat(init->null, &status) < 0 || !S_ISCHR(status.st_mode) ||
	    status.st_rdev != makedev(1, 3))
		return err_refuse("/dev/null of the host is not the null device");
	return 0;
}

static int mask_file(struct init *init, const char *path, int target)
{
	struct bind bind = { .source = "", .path = path, .target = target };

	if (open_null(init))
		return err_code();
	bind.dir = init->null;
	return bind_over(init, &bind);
}

/* Directories are hidden behind one empty read-only tmpfs that all of them share. */
static int mask_directory(struct init *init, int target)
{
	static const char *const tiny[] = { "nr_blocks=1", "nr_inodes=1" };
	struct mountfd_fs fs = {
		.type = "tmpfs",
		.source = "tmpfs",
		.data = tiny,
		.data_count = ARRAY_SIZE(tiny),
		.attributes = MASK_ATTRIBUTES,
	};
	_cleanup_close_ int tree = NO_FD;

	if (mountfd_is_missing())
		return oldmount_fs_on(&fs, target);
	if (init->masks >= 0)
		tree = mountfd_clone(init->masks, "", false);
	else
		tree = mountfd_new(&fs);
	if (tree < 0 || mountfd_attach(tree, target))
		return err_code();
	if (init->masks < 0)
		init->masks = fd_take(&tree);
	return 0;
}

static int mask(struct init *init, const char *path)
{
	_cleanup_close_ int target = open_existing(init, path);

	if (target == NO_FD)
		return 0;
	if (target < 0)
		return target;
	return fd_is_directory(target) ? mask_directory(init, target)
				       : mask_file(init, path, target);
}

int act_masked_paths(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const struct block_entry *entries =
		LIST_OF(plan, plan->masked_paths, struct block_entry);
	int result = 0;

	for (uint32_t i = 0; i < plan->masked_paths.count && !result; i++)
		if (mask(init, block_string(plan, entries[i].text)))
			result = err_while("%s", block_string(plan, entries[i].origin));
	fd_close(init->masks);
	fd_close(init->null);
	init->masks = init->null = NO_FD;
	return result;
}
