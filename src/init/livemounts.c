/* SPDX-License-Identifier: GPL-2.0-or-later */
/* livemounts - add mounts to a container that is there, and take them away. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/syscalls.h"

static const struct block_mount *mount_at(const struct init *init, uint32_t index)
{
	return &LIST_OF(init->plan, init->plan->mounts, struct block_mount)[index];
}

/*
 * umount2(2) takes a path, and the container could change where one leads.  That of our own
 * descriptor leads to what we have opened; it is the host's procfs that says so.
 */
static int unmount_opened(const struct init *init, int target)
{
	char path[64];

	if (fchdir(init->proc) < 0)
		return err_sys(errno, "enter /proc");
	snprintf(path, sizeof(path), "self/fd/%d", target);
	if (sys_umount(path, UMOUNT_DETACH) == 0)
		return 0;
	if (errno == EINVAL)
		return err_refuse("nothing is mounted there, or it is not the container's");
	return err_sys(errno, "umount");
}

static int unmount(const struct init *init, const struct block_mount *mount)
{
	const char *path = block_string(init->plan, mount->destination);
	_cleanup_close_ int target = fd_open_in(init->root, path, O_PATH);

	if (target < 0 || unmount_opened(init, target))
		return err_while("%s: error unmounting \"%s\"",
				 block_string(init->plan, mount->origin), path);
	return 0;
}

static bool is_new(const struct block_mount *mount)
{
	return mount->kind != MOUNT_REMOUNT && mount->kind != MOUNT_CHANGE;
}

/* All of them or none: what was there before the one that failed goes again. */
static void take_back(const struct init *init, uint32_t count)
{
	struct err reason = *err_last();

	err_clear();
	while (count-- > 0)
		if (is_new(mount_at(init, count)) && unmount(init, mount_at(init, count)))
			err_clear(); /* why they go is what counts */
	err_adopt(&reason);
}

int act_add_mounts(struct init *init)
{
	for (uint32_t i = 0; i < init->plan->mounts.count; i++)
		if (init_mount(init, i)) {
			take_back(init, i);
			return err_code();
		}
	return 0;
}

/* The last one first: one may be upon the other. */
int act_remove_mounts(struct init *init)
{
	for (uint32_t i = init->plan->mounts.count; i-- > 0;)
		if (unmount(init, mount_at(init, i)))
			return err_code();
	return 0;
}
