/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oom - which containers the kernel kills processes of, for want of memory. */
#pragma once

#include <stdint.h>

#include "shim/loop/loop.h"

/* inotify(7), for all containers of a shim. */
struct oom_watch {
	struct loop *loop;
	struct watch events; /* fd: NO_FD when it cannot be had */
	struct list all;
};

/* memory.events, the last time that it could be read. */
struct oom_counts {
	uint64_t low, high, max, oom, oom_kill, oom_group_kill;
};

/* One container's. Zeroed: it is not looked at. */
struct oom {
	struct list link;
	struct oom_watch *watch; /* NULL: it is not looked at */
	int mark;                /* of inotify */
	char *path;              /* its memory.events; kept after oom_stop() only as counts */
	struct oom_counts counts;
	void (*killed)(struct oom *oom); /* oom_kill has grown */
};

void oom_watch_init(struct oom_watch *watch, struct loop *loop);
void oom_watch_release(struct oom_watch *watch);

/* Look at the cgroup in the folder CGROUP from now on. Without the file, nothing happens. */
void oom_start(struct oom *oom, struct oom_watch *watch, const char *cgroup,
	       void (*killed)(struct oom *oom));

/* Read the counts now, and tell. */
void oom_look(struct oom *oom);

/* The counts stay. */
void oom_stop(struct oom *oom);

/* Read what memory.events says, in TEXT, into *RET_COUNTS. */
void oom_parse(const char *text, struct oom_counts *ret_counts);
