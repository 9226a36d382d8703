/* SPDX-License-Identifier: GPL-2.0-or-later */
/* making - what create, restore and exec have in common. */
#pragma once

#include "shim/task/task.h"

/* Add --pid-file, the console's socket, and flags of create. */
void making_args(const struct process *process, struct args *args);

/* ARGS with the streams of PROCESS. */
void making_command(const struct process *process, const struct args *args,
		    struct command *ret_command);

/* The pid that the runtime left in process_pid_file(). Returns 0, or -errno with a record. */
int making_read_pid(struct process *process);

/* Find where init is, and look at what the kernel kills there from now on. */
void making_find_cgroup(struct container *container);
