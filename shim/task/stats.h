/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats - what a container uses: io.containerd.cgroups.v2.Metrics. */
#pragma once

#include "shim/api/metrics.pb-c.h"
#include "shim/task/oom.h"

/*
 * Read the files of the folder CGROUP. What is not there stays absent or 0; COUNTS stand in for
 * memory.events when that is gone. The caller frees the result with stats_free(). NULL when there
 * is neither the folder nor anything in COUNTS.
 */
Api__Metrics *stats_read(const char *cgroup, const struct oom_counts *counts);

void stats_free(Api__Metrics *metrics);
