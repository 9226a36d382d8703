/* SPDX-License-Identifier: GPL-2.0-or-later */
/* statsjson - what a container has used, as `runc events` prints it. */
#pragma once

#include "base/buf.h"
#include "cgroup/stats.h"

/*
 * Add one line: {"type":"stats","id":ID,"data":{...}}, with the members and in
 * the order that runc's have on cgroup v2.  ID needs no escapes.
 */
void stats_print(const char *id, const struct cgroup_stats *stats, struct buf *out);

/* Add one line without data: {"type":TYPE,"id":ID} */
void stats_print_event(const char *type, const char *id, struct buf *out);
