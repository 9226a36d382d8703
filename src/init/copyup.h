/* SPDX-License-Identifier: GPL-2.0-or-later */
/* copyup - fill a new tmpfs with what it covers ("tmpcopyup"). */
#pragma once

/*
 * Copy what is in the directory FROM into the directory TO: directories, files,
 * symlinks and special files with mode, owner and times; no mounts below are
 * entered.  Both are O_PATH descriptors.
 */
int copyup(int from, int to);
