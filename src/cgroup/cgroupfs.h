/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroupfs - the directories and files of cgroup2, by descriptors. */
#pragma once

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

/* Open what must be a cgroup2 mount.  Returns a descriptor. */
int cgroupfs_open_mount(const char *mount);

/*
 * Open a cgroup by its absolute path, no symlink on the way.  Returns a
 * descriptor; -ENOENT without a record when there is none.  Refuses what is not
 * in a cgroup2 file system, and the root of one.
 */
int cgroupfs_open_path(const char *path);

/* Open NAME below DIR without leaving DIR's file system.  Returns a descriptor. */
int cgroupfs_open_child(int dir, const char *name);

/*
 * Write TEXT to DIR/FILE in one write(2).  Returns 0 or -errno, both without a
 * record: for what may fail.
 */
int cgroupfs_try_write(int dir, const char *file, const char *text);

/*
 * Read DIR/FILE, terminated and without a final newline; also without a record.  It is what one
 * read(2) gives: all of a file that is one record, as those are that cgroup2 lists values in.
 */
int cgroupfs_try_read(int dir, const char *file, char *text, size_t size);

/* The value of the line "KEY value" in DIR/FILE.  Returns 0 or -errno without a record. */
int cgroupfs_try_read_key(int dir, const char *file, const char *key, unsigned long long *ret);

/* True when LIST, words with blanks between them, has WORD. */
bool cgroupfs_has_word(const char *list, const char *word);

#define CGROUP_DEPTH_MAX 200 /* levels below the container's cgroup that a walk goes */

/* A walk over a cgroup and all below it, parents first.  Start with { .top = fd }. */
struct cgroup_walk {
	int top;
	bool is_started;
	int depth;
	DIR *levels[CGROUP_DEPTH_MAX];
};

/*
 * The next cgroup.  Returns 1 and a descriptor that stays the walk's, 0 at the
 * end, or a failure.
 */
int cgroup_walk_next(struct cgroup_walk *walk, int *ret_dir);
void cgroup_walk_end(struct cgroup_walk *walk);

/*
 * Remove all cgroups below DIR, however deep.  Returns 0, or -EBUSY without a
 * record when one has processes, or a failure.
 */
int cgroupfs_remove_children(int dir);
