/* SPDX-License-Identifier: GPL-2.0-or-later */
/* path - path names as text; nothing here asks the file system. */
#pragma once

#include <stdbool.h>

/*
 * PATH (made absolute by BASE, itself absolute, when it is relative) without
 * ".", "..", "//" and a trailing slash.  ".." at the root stays there.  The
 * caller frees the result.
 */
char *path_clean(const char *base, const char *path);

/* True when PATH is what path_clean() would make of it. */
bool path_is_clean(const char *path);

/* True when PATH is BELOW or BELOW is a parent of it; both clean and absolute. */
bool path_is_below(const char *path, const char *below);

/* What comes behind the last slash. */
const char *path_name(const char *path);
