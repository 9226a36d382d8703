/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resctrl - a container's share of caches and memory bandwidth: the kernel's resctrl.rst. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* config-linux.md, "IntelRdt", ready to be done. */
struct resctrl_plan {
	bool is_wanted;
	const char *group;  /* of the file system's root; "": the root's own group */
	bool is_named;      /* closID: a group that is there is taken if it is as LINES say */
	bool must_exist;    /* ... and without lines there is none to be made */
	const char **lines; /* of schemata, in order */
	size_t line_count;
	const char *monitor; /* of mon_groups; NULL: none */
};

#define RESCTRL_PATH_MAX 512

/* Where it is; an empty text: nowhere. */
struct resctrl {
	char mount[256];
	char group[RESCTRL_PATH_MAX];
	char monitor[RESCTRL_PATH_MAX];
	bool makes_group; /* it was not there */
};

/*
 * Find the file system and see whether the group is there.  Refuses where the
 * kernel has no resctrl, and a group that is there and should not be, or the other
 * way round, or that is not as PLAN says.
 */
int resctrl_find(const struct resctrl_plan *plan, struct resctrl *ret_resctrl);

/* Make what resctrl_find() did not find; what it made is removed when it fails. */
int resctrl_make(const struct resctrl_plan *plan, const struct resctrl *resctrl);

/* The groups of a container that is there; MONITOR may be NULL. */
int resctrl_recall(const char *group, const char *monitor, struct resctrl *ret_resctrl);

/*
 * Write the lines of PLAN to schemata of a group that is there: all, or when one is refused
 * none.  *RET_BEFORE is what was there, for resctrl_restore(); the caller frees it.
 */
int resctrl_change(const struct resctrl_plan *plan, const struct resctrl *resctrl,
		   char **ret_before);
int resctrl_restore(const struct resctrl *resctrl, const char *before);

/* Let the process PID be in the groups; those that it makes are too. */
int resctrl_join(const struct resctrl *resctrl, int pid);

/* Remove a group or monitoring group that was made.  Nothing there is success. */
int resctrl_remove(const char *path);
