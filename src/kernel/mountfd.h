/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountfd - mounts as descriptors: made detached, finished, then attached (mount API of 5.2). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/syscalls.h"

/* A file system to be made. */
struct mountfd_fs {
	const char *type;
	const char *source;      /* NULL: none */
	const char *const *data; /* "key" or "key=value" */
	size_t data_count;
	uint32_t superblock;       /* MS_RDONLY, MS_SYNCHRONOUS, MS_LAZYTIME...: to be set */
	uint32_t superblock_clear; /* the same, to be cleared by mountfd_reconfigure() */
	uint64_t attributes;       /* MOUNT_ATTR_* */
};

/*
 * Make a new file system, not attached anywhere.  Returns a descriptor of its
 * root mount; fsopen(2), fsconfig(2), fsmount(2).  What the kernel logged on
 * the file system's context is part of the error.
 */
int mountfd_new(const struct mountfd_fs *fs);

/* What `superblock` may have; the new API's messages come to us alone, as MS_SILENT wants. */
#define MOUNTFD_SUPERBLOCK                                                                \
	((uint32_t)(MS_RDONLY | MS_SYNCHRONOUS | MS_DIRSYNC | MS_LAZYTIME | MS_MANDLOCK | \
		    MS_SILENT))

/* Change the options of the file system mounted at TARGET; fspick(2). */
int mountfd_reconfigure(int target, const struct mountfd_fs *fs);

/*
 * A detached copy of the mount at DIR/PATH ("" is DIR itself), with what is
 * mounted below it when IS_RECURSIVE; open_tree(2).  A symlink at the end of
 * PATH is followed.
 */
int mountfd_clone(int dir, const char *path, bool is_recursive);

/*
 * Set and clear MOUNT_ATTR_* on MOUNT; mount_setattr(2), or for one mount that
 * is attached mount(2).  Nothing to do is no call.
 */
int mountfd_change(int mount, uint64_t set, uint64_t clear, bool is_recursive);

/*
 * Show the files of MOUNT, which is not attached yet, under the ids that the
 * user namespace USERNS maps theirs to; mount_setattr(2), "ID-mapped mounts".
 * With IS_RECURSIVE those of all mounts below it, too.
 */
int mountfd_idmap(int mount, int userns, bool is_recursive);

/* MS_SHARED, MS_SLAVE, MS_PRIVATE or MS_UNBINDABLE, with MS_REC for all below. */
int mountfd_propagation(int mount, uint32_t propagation);

/* Attach the detached MOUNT to the directory or file that TARGET refers to; move_mount(2). */
int mountfd_attach(int mount, int target);

/* MOUNT_ATTR_* as MS_* of mount(2). */
unsigned long mountfd_flags(uint64_t attributes);

/* True when the running kernel (or a filter around us) has no new mount API. */
bool mountfd_is_missing(void);
