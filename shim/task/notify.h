/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notify - the events of a task. */
#pragma once

#include "shim/api/task.pb-c.h"
#include "shim/task/task.h"

void notify_create(const struct container *container, const Api__CreateTaskRequest *request);
void notify_start(const struct process *process);
void notify_exec_added(const struct process *process);
void notify_exit(const struct process *process);
void notify_delete(const struct container *container);
void notify_oom(const struct container *container);
void notify_paused(const struct container *container);
void notify_resumed(const struct container *container);
