/* SPDX-License-Identifier: GPL-2.0-or-later */
/* manager - a connection to systemd, and calls over it; for cgroup/ only. */
#pragma once

#include <stdbool.h>

#include "base/cleanup.h"
#include "cgroup/bus.h"
#include "kernel/deadline.h"

#define MANAGER "org.freedesktop.systemd1"
#define MANAGER_PATH "/org/freedesktop/systemd1"
#define MANAGER_INTERFACE MANAGER ".Manager"

/* A connection, how long all that is done over it may take, and the job that we wait for. */
struct manager {
	struct bus *bus;
	struct deadline deadline;
	char job[128]; /* its object's path */
};

/*
 * Connect to the caller's own manager (by the session bus) or to the system's (by the system bus;
 * where there is none, by systemd's own socket).  The time for all calls begins here.
 */
int manager_connect(struct manager *manager, bool is_user);
void manager_disconnect(struct manager *manager);
#define _cleanup_manager_ _cleanup_(manager_disconnect)

/* A call of METHOD without arguments yet; see bus_message_new(). */
struct bus_message *manager_new_call(struct manager *manager, const char *method);

/* Send CALL and free it; a failure of WHAT is recorded in systemd's own words if it gave any. */
int manager_call(struct manager *manager, struct bus_message *call, const char *what,
		 char **ret_text);

/*
 * Send CALL, which begins a job, and free it. -EEXIST, -ENOENT without a record: there is (no)
 * such unit.
 */
int manager_begin_job(struct manager *manager, struct bus_message *call, const char *what);

/* Wait until the job that was begun last is over; fails when it did. */
int manager_await_job(struct manager *manager, const char *what);

/* Have systemd forget a unit that failed; any other is left as it is. */
void manager_forget_failed(struct manager *manager, const char *name);
