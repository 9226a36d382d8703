/* SPDX-License-Identifier: GPL-2.0-or-later */
/* manager - a connection to systemd (org.freedesktop.systemd1(5)), and calls over it. */
#include "cgroup/manager.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

/* How long systemd may take for what it is asked. */
#define CALL_MS 30000

static const struct bus_match job_removed = { MANAGER, MANAGER_PATH, MANAGER_INTERFACE,
					      "JobRemoved" };

/* ---- connect ---- */

void manager_disconnect(struct manager *manager)
{
	bus_disconnect(manager->bus);
	manager->bus = NULL;
}

/* A machine without a message bus, as a node of kind, has systemd's own socket all the same. */
static int open_bus(struct manager *manager, bool is_user)
{
	int r = bus_connect(is_user ? BUS_USER : BUS_SYSTEM, &manager->deadline, &manager->bus);

	if (r < 0 && !is_user)
		r = bus_connect(BUS_DIRECT, &manager->deadline, &manager->bus);
	return r;
}

int manager_connect(struct manager *manager, bool is_user)
{
	int r;

	*manager = (struct manager){ .deadline = deadline_in(CALL_MS) };
	if (bus_load())
		return err_code();
	r = open_bus(manager, is_user);
	if (r == 0)
		r = bus_watch(manager->bus, &job_removed, &manager->deadline);
	if (r == 0)
		return 0;
	manager_disconnect(manager);
	if (is_user)
		return err_sys(-r, "failed to connect to dbus (hint: for rootless containers, "
				   "maybe you need to install dbus-user-session package, and "
				   "log in as the user)");
	return err_sys(-r, "failed to connect to systemd");
}

/* ---- calls ---- */

struct bus_message *manager_new_call(struct manager *manager, const char *method)
{
	return bus_message_new(manager->bus, MANAGER, MANAGER_PATH, MANAGER_INTERFACE, method);
}

/* What systemd answers is the reason: "Unit x.scope already exists." */
static int fail(const char *what, int code, const struct bus_error *error)
{
	if (*error->text)
		return err_refuse("%s: %s (%s)", what, error->text, error->name);
	return err_sys(-code, "%s", what);
}

int manager_call(struct manager *manager, struct bus_message *call, const char *what,
		 char **ret_text)
{
	struct bus_error error;
	int r = bus_call(manager->bus, call, &manager->deadline, &error, ret_text);

	return r < 0 ? fail(what, r, &error) : 0;
}

int manager_begin_job(struct manager *manager, struct bus_message *call, const char *what)
{
	_cleanup_free_ char *path = NULL;
	struct bus_error error;
	int r = bus_call(manager->bus, call, &manager->deadline, &error, &path);

	if (r == 0) {
		snprintf(manager->job, sizeof(manager->job), "%s", path);
		return 0;
	}
	if (strcmp(error.name, MANAGER ".UnitExists") == 0)
		return -EEXIST;
	if (strcmp(error.name, MANAGER ".NoSuchUnit") == 0)
		return -ENOENT;
	return fail(what, r, &error);
}

/* JobRemoved(u id, o job, s unit, s result) */
int manager_await_job(struct manager *manager, const char *what)
{
	struct bus_signal signal;
	int r;

	do {
		r = bus_next_signal(manager->bus, &manager->deadline, &signal);
		if (r == -ETIMEDOUT)
			return err_refuse("%s: Timeout waiting for systemd", what);
		if (r < 0)
			return err_sys(-r, "%s", what);
	} while (strcmp(signal.strings[0], manager->job) != 0);
	if (strcmp(signal.strings[2], "done") != 0)
		return err_refuse("%s: error creating systemd unit: got `%s`", what,
				  signal.strings[2]);
	return 0;
}

/* It failed before, and systemd keeps it for people to look at: nobody does. */
void manager_forget_failed(struct manager *manager, const char *name)
{
	struct bus_message *call = manager_new_call(manager, "ResetFailedUnit");
	struct bus_error error;

	bus_put(call, 's', name);
	(void)bus_call(manager->bus, call, &manager->deadline, &error, NULL);
}
