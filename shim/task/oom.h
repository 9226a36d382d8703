/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oom - which containers the kernel kills processes of, for want of memory. */
#pragma once

#include <stdbool.h>
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
	int mark, above;         /* of inotify: its own file's and its parent's */
	char *path;              /* its memory.events */
	char *above_path;        /* its parent's, which counts its kills too, and keeps them */
	uint64_t above_kills;    /* there, when PATH could last be read */
	struct oom_counts counts;
	uint64_t told;                    /* how many kills somebody was told of */
	void (*changed)(struct oom *oom); /* the file has */
};

void oom_watch_init(struct oom_watch *watch, struct loop *loop);
void oom_watch_release(struct oom_watch *watch);

/* Look at the cgroup in the folder CGROUP from now on. Without the file, nothing happens. */
void oom_start(struct oom *oom, struct oom_watch *watch, const char *cgroup,
	       void (*changed)(struct oom *oom));

/* Read the counts now. Once the cgroup is gone they stay what they were. */
void oom_read(struct oom *oom);

/* True once for kills that nobody was told of. */
bool oom_has_news(struct oom *oom);

/*
 * Somebody was killed and the cgroup went with it, before its counts could be read: systemd tidies
 * up that quickly. If memory was short, or there is one more kill above, that is what it was.
 */
void oom_infer(struct oom *oom);

/* The counts stay. */
void oom_stop(struct oom *oom);

/* Read what memory.events says, in TEXT, into *RET_COUNTS. */
void oom_parse(const char *text, struct oom_counts *ret_counts);
