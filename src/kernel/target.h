/* SPDX-License-Identifier: GPL-2.0-or-later */
/* target - find, or make, the place in the container where something is mounted. */
#pragma once

#include <stdbool.h>

enum target_kind { TARGET_DIRECTORY, TARGET_FILE };

/*
 * Open PATH as the container sees it and make what is missing: directories
 * 0755, at the end a file 0644 for TARGET_FILE.  Symlinks are followed inside
 * of ROOT, also those that point nowhere yet.  *RET_IS_NEW (may be NULL) says
 * that the last component was made.  What is there and of the other kind is
 * refused (-ENOTDIR).  Returns an O_PATH descriptor.
 */
int target_open(int root, const char *path, enum target_kind kind, bool *ret_is_new);

/*
 * The same for what is there, whatever its kind: for who has it checked by the kernel, which
 * attaches no file to a directory.  -ENOENT without a record when there is nothing.
 */
int target_find(int root, const char *path);
