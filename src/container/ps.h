/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ps - the processes of a container. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "container/runtime.h"

enum ps_format { PS_TABLE, PS_JSON };

/*
 * Add the processes in the container's cgroup and below it to OUT, by their pids
 * in our pid namespace: "[12,34]" and a newline, or the lines about them that
 * ps(1) prints, below its heading.  ARGUMENTS are ps's own (NULL ends them; none:
 * "-ef"); what it prints must have a column PID.
 */
int container_ps(const struct runtime *runtime, const char *id, enum ps_format format,
		 const char *const *arguments, struct buf *out);

/*
 * Of TEXT, what ps(1) printed, add the heading and the lines of PIDS to OUT;
 * TEXT is changed.
 */
int ps_filter(char *text, const pid_t *pids, size_t count, struct buf *out);
