/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oldmount - mount(2), where the new mount API is missing or cannot take what is wanted. */
#pragma once

#include <stdbool.h>

#include "init/init.h"
#include "kernel/mountfd.h"

/* True without the new API, and for option values that are too long for fsconfig(2). */
bool oldmount_is_needed(const struct mountfd_fs *fs);

/* Mount FS on the directory TARGET, an O_PATH descriptor in the container. */
int oldmount_fs(const struct init *init, const struct block_mount *mount,
		const struct mountfd_fs *fs, int target);

/* The same for a file system that is nobody's mount in config.json. */
int oldmount_fs_on(const struct mountfd_fs *fs, int target);

/* Bind the mount's source. */
int oldmount_bind(const struct init *init, const struct block_mount *mount);

/* Bind what SOURCE refers to on TARGET. */
int oldmount_bind_fd(int source, int target, bool is_recursive);

/* Give the file system at TARGET other options, and its mount ATTRIBUTES (a remount). */
int oldmount_reconfigure(const struct mountfd_fs *fs, uint64_t attributes, int target);
