/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exits - who has ended, and in which order that is told. */
#pragma once

#include "shim/api/ttrpc.pb-c.h"
#include "shim/task/task.h"

/*
 * A child that is no job's has ended. If no process has this pid and one is being made, it is
 * kept until that is known; otherwise it is an orphan that was left to us.
 */
void exits_take(struct shim *shim, pid_t pid, int status);

/* The pid of PROCESS is known now: perhaps it has ended already. */
void exits_adopt(struct shim *shim, struct process *process);

/* What made PROCESS is over, and all have been told that it is there. */
void exits_made(struct shim *shim, struct process *process);

/* It is over without a process. */
void exits_not_made(struct shim *shim);

/* Init has ended, whether all know it or not: nothing new may be started. */
bool exits_is_dead(const struct container *container);

/* Answer all who wait for PROCESS; it was never started, or has ended. */
void exits_answer(struct process *process);

/*
 * Read which processes of CONTAINER the kernel has killed for want of memory, and tell it: after
 * the container's own beginning was told.
 */
void exits_look_for_oom(struct container *container);

/* As clients read it: 0 is the year 1, as in Go. */
Api__Timestamp *exits_time(const struct ending *ending, Api__Timestamp *out);
