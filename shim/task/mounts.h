/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - a container's root file system, mounted as containerd wants it. May block. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "shim/api/task.pb-c.h"

/* What the options of one mount add up to, for mount(2). */
struct mount_flags {
	unsigned long flags;       /* MS_*, without propagation */
	unsigned long propagation; /* MS_SHARED..., perhaps with MS_REC; 0: none is named */
	bool is_loop, is_direct;   /* a file is mounted by a loop device, past the page cache */
	char *uids, *gids;         /* maps of a mapped mount, or both NULL */
	char *data;                /* the rest, with commas; never NULL */
};

/*
 * Sort OPTIONS into *RET_FLAGS; of two that contradict each other the last one counts. The
 * caller releases them. Returns 0, or -EINVAL with a record for what cannot be done here.
 */
int mounts_read_options(char *const *options, size_t count, struct mount_flags *ret_flags);
void mounts_release_options(struct mount_flags *flags);

/*
 * Shorten the lower directories in the DATA of an overlay: relative to the folder that they have
 * in common. Returns that folder, which the caller frees with *RET_DATA; NULL when there is none.
 */
char *mounts_shorten(const char *data, char **ret_data);

/*
 * Mount COUNT file systems in their order, on ROOTFS and below; it is made when it is not there.
 * Returns 0, or -errno with a record.
 */
int mounts_apply(Api__Mount *const *mounts, size_t count, const char *rootfs);

/* Unmount everything on PATH and below, the deepest first. Returns 0, or -errno with a record. */
int mounts_undo(const char *path);
