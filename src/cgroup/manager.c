/* SPDX-License-Identifier: GPL-2.0-or-later */
/* manager - a connection to systemd (org.freedesktop.systemd1(5)), and calls over it. */
#include "cgroup/manager.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

#define PRIVATE_SOCKET "unix:path=/run/systemd/private"

/* How long systemd may take for what it is asked. */
#define CALL_MS 30000

uint64_t manager_time_left(const struct manager *manager)
{
	return (uint64_t)deadline_left(&manager->deadline) * 1000;
}

void manager_disconnect(struct manager *manager)
{
	if (!manager->bus)
		return;
	manager->sdbus->bus_slot_unref(manager->job_slot);
	manager->sdbus->bus_flush_close_unref(manager->bus);
	manager->bus = NULL;
}

/* ---- connect ---- */

/* A machine without a message bus, as a node of kind, has systemd's own socket all the same. */
static int open_direct(struct manager *manager)
{
	const struct sdbus *sdbus = manager->sdbus;
	int r = sdbus->bus_new(&manager->bus);

	if (r < 0)
		return r;
	manager->is_direct = true;
	r = sdbus->bus_set_address(manager->bus, PRIVATE_SOCKET);
	return r < 0 ? r : sdbus->bus_start(manager->bus);
}

/* The library's own waits have no end of ours. */
static int await_ready(struct manager *manager)
{
	const struct sdbus *sdbus = manager->sdbus;
	int r;

	while ((r = sdbus->bus_is_ready(manager->bus)) == 0) {
		r = sdbus->bus_process(manager->bus, NULL);
		if (r < 0)
			return r;
		if (r > 0)
			continue;
		r = sdbus->bus_wait(manager->bus, manager_time_left(manager));
		if (r < 0)
			return r;
		if (deadline_left(&manager->deadline) == 0)
			return -ETIMEDOUT;
	}
	return r < 0 ? r : 0;
}

static int open_bus(struct manager *manager, bool is_user)
{
	int r = is_user ? manager->sdbus->bus_open_user(&manager->bus)
			: manager->sdbus->bus_open_system(&manager->bus);

	if (r >= 0)
		r = await_ready(manager);
	if (r >= 0 || is_user)
		return r;
	if (manager->bus)
		manager->sdbus->bus_flush_close_unref(manager->bus);
	manager->bus = NULL;
	r = open_direct(manager);
	return r < 0 ? r : await_ready(manager);
}

static int remember_removed(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct manager *manager = data;
	const char *path, *unit, *result;
	uint32_t id;

	(void)error;
	if (manager->sdbus->bus_message_read(message, "uoss", &id, &path, &unit, &result) < 0)
		return 0;
	if (*manager->job && strcmp(manager->job, path) != 0)
		return 0;
	snprintf(manager->removed, sizeof(manager->removed), "%s", path);
	snprintf(manager->result, sizeof(manager->result), "%s", result);
	return 0;
}

int manager_connect(struct manager *manager, bool is_user)
{
	int r;

	*manager = (struct manager){ .sdbus = sdbus_load() };
	if (!manager->sdbus)
		return err_code();
	manager->deadline = deadline_in(CALL_MS);
	r = open_bus(manager, is_user);
	if (r >= 0)
		r = manager->sdbus->bus_match_signal(manager->bus, &manager->job_slot,
						     manager->is_direct ? NULL : MANAGER,
						     MANAGER_PATH, MANAGER_INTERFACE,
						     "JobRemoved", remember_removed, manager);
	if (r >= 0)
		return 0;
	manager_disconnect(manager);
	if (is_user)
		return err_sys(-r, "failed to connect to dbus (hint: for rootless containers, "
				   "maybe you need to install dbus-user-session package, and "
				   "log in as the user)");
	return err_sys(-r, "failed to connect to systemd");
}

/* ---- calls ---- */

int manager_new_call(struct manager *manager, const char *method, sd_bus_message **ret)
{
	int r = manager->sdbus->bus_message_new_method_call(
		manager->bus, ret, MANAGER, MANAGER_PATH, MANAGER_INTERFACE, method);

	return r < 0 ? err_sys(-r, "%s", method) : 0;
}

/* What systemd answers is the reason: "Unit x.scope already exists." */
int manager_fail(const struct manager *manager, const char *what, int code, sd_bus_error *error)
{
	if (error->message)
		err_refuse("%s: %s (%s)", what, error->message, error->name);
	else
		err_sys(-code, "%s", what);
	manager->sdbus->bus_error_free(error);
	return err_code();
}

static bool is_error(const sd_bus_error *error, const char *name)
{
	return error->name && strcmp(error->name, name) == 0;
}

/* Until the job that was just queued is over. */
int manager_await_job(struct manager *manager, const char *what)
{
	int r;

	while (strcmp(manager->removed, manager->job) != 0) {
		r = manager->sdbus->bus_process(manager->bus, NULL);
		if (r == 0)
			r = manager->sdbus->bus_wait(manager->bus, manager_time_left(manager));
		if (r < 0)
			return err_sys(-r, "%s", what);
		if (deadline_left(&manager->deadline) == 0)
			return err_refuse("%s: Timeout waiting for systemd", what);
	}
	if (strcmp(manager->result, "done") != 0)
		return err_refuse("%s: error creating systemd unit: got `%s`", what,
				  manager->result);
	return 0;
}

/* Send CALL, which begins a job. -EEXIST, -ENOENT without a record: there is (no) such unit. */
int manager_begin_job(struct manager *manager, sd_bus_message *call, const char *what)
{
	const struct sdbus *sdbus = manager->sdbus;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	const char *path;
	int r;

	*manager->job = *manager->removed = '\0';
	r = sdbus->bus_call(manager->bus, call, manager_time_left(manager), &error, &reply);
	if (r < 0 && (is_error(&error, MANAGER ".UnitExists") ||
		      is_error(&error, MANAGER ".NoSuchUnit"))) {
		r = is_error(&error, MANAGER ".UnitExists") ? -EEXIST : -ENOENT;
		sdbus->bus_error_free(&error);
		return r;
	}
	if (r < 0)
		return manager_fail(manager, what, r, &error);
	r = sdbus->bus_message_read(reply, "o", &path);
	if (r >= 0)
		snprintf(manager->job, sizeof(manager->job), "%s", path);
	sdbus->bus_message_unref(reply);
	return r < 0 ? err_sys(-r, "%s", what) : 0;
}

/* It failed before, and systemd keeps it for people to look at: nobody does. */
void manager_forget_failed(struct manager *manager, const char *name)
{
	sd_bus_message *call;

	if (manager_new_call(manager, "ResetFailedUnit", &call)) {
		err_clear();
		return;
	}
	manager->sdbus->bus_message_append(call, "s", name);
	manager->sdbus->bus_call(manager->bus, call, manager_time_left(manager), NULL, NULL);
	manager->sdbus->bus_message_unref(call);
}
