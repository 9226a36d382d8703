/* SPDX-License-Identifier: GPL-2.0-or-later */
/* manager - a connection to systemd, and calls over it; for cgroup/ only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "cgroup/sdbus.h"
#include "kernel/deadline.h"

#define MANAGER "org.freedesktop.systemd1"
#define MANAGER_PATH "/org/freedesktop/systemd1"
#define MANAGER_INTERFACE MANAGER ".Manager"

/* A connection, how long all that is done over it may take, and the job that we wait for. */
struct manager {
	const struct sdbus *sdbus;
	sd_bus *bus;
	bool is_direct; /* to systemd itself, without a bus between us */
	struct deadline deadline;
	sd_bus_slot *job_slot;
	char job[64];     /* its object's path; "" while it is not known */
	char removed[64]; /* the last job that is over, and how it ended */
	char result[32];
};

/*
 * Connect to the caller's own manager (by the session bus) or to the system's (by the system bus;
 * where there is none, by systemd's own socket).  The time for all calls begins here.
 */
int manager_connect(struct manager *manager, bool is_user);
void manager_disconnect(struct manager *manager);
#define _cleanup_manager_ _cleanup_(manager_disconnect)

/* What is left of that time, in microseconds. */
uint64_t manager_time_left(const struct manager *manager);

/* A call of METHOD without arguments yet, for the caller to unref, also after a failure. */
int manager_new_call(struct manager *manager, const char *method, sd_bus_message **ret_call);

/* Record why WHAT failed, in systemd's own words if it gave an ERROR, which is freed. */
int manager_fail(const struct manager *manager, const char *what, int code,
		 sd_bus_error *error);

/* Send CALL, which begins a job. -EEXIST, -ENOENT without a record: there is (no) such unit. */
int manager_begin_job(struct manager *manager, sd_bus_message *call, const char *what);

/* Wait until the job that was begun last is over; fails when it did. */
int manager_await_job(struct manager *manager, const char *what);

/* Have systemd forget a unit that failed; any other is left as it is. */
void manager_forget_failed(struct manager *manager, const char *name);
