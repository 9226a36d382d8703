/* SPDX-License-Identifier: GPL-2.0-or-later */
/* loopdev - a file as a block device, loop(4). */
#pragma once

#include <stdbool.h>

#define LOOPDEV_PATH_SIZE sizeof("/dev/loop4294967295")

/*
 * Bind the file PATH to a loop device that nobody uses; IS_DIRECT: past the page cache. It is free
 * again when its last user is gone, so that a file system mounted from it is all that is to be
 * undone. Returns a descriptor, by which it stays until it is mounted, and its path.
 */
int loopdev_open(const char *path, bool is_read_only, bool is_direct,
		 char ret_device[LOOPDEV_PATH_SIZE]);
