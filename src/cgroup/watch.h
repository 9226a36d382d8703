/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch - hear when something is killed for lack of memory, and when nobody is left. */
#pragma once

#include <stdbool.h>

#include "cgroup/cgroup.h"

/* What a cgroup's files said last; they are kept open, the kernel wakes those who poll(2) them. */
struct cgroup_watch {
	int events;        /* cgroup.events */
	int memory_events; /* memory.events; NO_FD: no such controller */
	unsigned long long kills;
	bool has_oom;  /* there were more kills at the last look than at the one before */
	bool is_empty; /* no process in it or below, or it is gone */
};

/* The first look.  CGROUP need not stay open.  The caller closes the watch, also after a failure. */
int cgroup_watch_open(const struct cgroup *cgroup, struct cgroup_watch *ret_watch);

/* Wait until one of the files changes, for TIMEOUT_MS at most, and look again. */
int cgroup_watch_wait(struct cgroup_watch *watch, int timeout_ms);

void cgroup_watch_close(struct cgroup_watch *watch);
