/* SPDX-License-Identifier: GPL-2.0-or-later */
/* methods - containerd.task.v2.Task and .v3.Task: what each method does. */
#pragma once

#include "shim/ttrpc/server.h"

/* Both services, for server_init() of a struct shim. */
extern const struct service task_services[];

/* Each answers its call, now or later. */
void method_create(struct call *call);
void method_start(struct call *call);
void method_delete(struct call *call);
void method_exec(struct call *call);
void method_kill(struct call *call);
void method_pause(struct call *call);
void method_resume(struct call *call);
void method_update(struct call *call);
void method_checkpoint(struct call *call);
void method_pids(struct call *call);
