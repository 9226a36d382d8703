/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_exec - the parent's rows of the exec table that the create table does not have. */
#pragma once

#include "launch/launch.h"
#include "launch/parent.h"

/* parent_enter.c: up to tare-init on its way into the container */
int parent_open_cgroup(struct launch *launch);
int parent_exec_filter(struct launch *launch);
int parent_exec_files(struct launch *launch);
int parent_affinity(struct launch *launch);
int parent_start_entry(struct launch *launch);
void undo_start_entry(struct launch *launch);

/* parent_visit.c: tare-init comes into the container and goes again */
int parent_live_files(struct launch *launch);
int parent_start_visit(struct launch *launch);
void undo_start_visit(struct launch *launch);
int parent_commit_visit(struct launch *launch);
int parent_end_visit(struct launch *launch);

/* parent_executed.c: what others are told */
int parent_reserve_pid_file(struct launch *launch);
void undo_reserve_pid_file(struct launch *launch);
int parent_connect_pidfd(struct launch *launch);
int parent_executed(struct launch *launch);
int parent_exec_pid_file(struct launch *launch);
int parent_exec_send_pidfd(struct launch *launch);
