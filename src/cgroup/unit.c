/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unit - let systemd make the container's cgroup: what is asked of it. */
#include "cgroup/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "cgroup/manager.h"

bool unit_is_built(void)
{
	return true;
}

/* ---- properties ---- */

static const char *const signatures[] = {
	[UNIT_BOOL] = "b",   [UNIT_INT32] = "i",    [UNIT_UINT32] = "u",
	[UNIT_INT64] = "x",  [UNIT_UINT64] = "t",   [UNIT_DOUBLE] = "d",
	[UNIT_STRING] = "s", [UNIT_STRINGS] = "as", [UNIT_BYTES] = "ay",
};

static int append_number(const struct sdbus *sdbus, sd_bus_message *call,
			 const struct unit_property *property)
{
	int boolean = property->boolean;
	int32_t integer = (int32_t)property->integer;
	uint32_t natural = (uint32_t)property->natural;
	char type = *signatures[property->type];
	const void *value = type == 'b'   ? (const void *)&boolean
			    : type == 'i' ? (const void *)&integer
			    : type == 'u' ? (const void *)&natural
					  : (const void *)&property->natural;

	return sdbus->bus_message_append_basic(call, type, value);
}

static int append_value(const struct sdbus *sdbus, sd_bus_message *call,
			const struct unit_property *property)
{
	switch (property->type) {
	case UNIT_STRING:
		return sdbus->bus_message_append_basic(call, 's', property->text);
	case UNIT_STRINGS:
		return sdbus->bus_message_append_strv(call, (char **)property->strings.items);
	case UNIT_BYTES:
		return sdbus->bus_message_append_array(call, 'y', property->bytes.items,
						       property->bytes.count);
	default:
		return append_number(sdbus, call, property);
	}
}

static int append_property(const struct sdbus *sdbus, sd_bus_message *call,
			   const struct unit_property *property)
{
	const char *signature = signatures[property->type];
	int r = sdbus->bus_message_open_container(call, 'r', "sv");

	if (r >= 0)
		r = sdbus->bus_message_append_basic(call, 's', property->name);
	if (r >= 0)
		r = sdbus->bus_message_open_container(call, 'v', signature);
	if (r >= 0)
		r = append_value(sdbus, call, property);
	if (r >= 0)
		r = sdbus->bus_message_close_container(call);
	if (r >= 0)
		r = sdbus->bus_message_close_container(call);
	return r;
}

static int append_properties(const struct sdbus *sdbus, sd_bus_message *call,
			     const struct unit_property *properties, size_t count)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < count; i++)
		r = append_property(sdbus, call, &properties[i]);
	return r;
}

/* True when an annotation says it: that has the last word. */
static bool is_asked_for(const struct unit_plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->property_count; i++)
		if (strcmp(plan->properties[i].name, name) == 0)
			return true;
	return false;
}

/* systemd.scope(5): delegated, so that it leaves what is below to us and to the container. */
static int append_own(const struct sdbus *sdbus, sd_bus_message *call,
		      const struct unit_plan *plan, pid_t pid)
{
	static const char *const yes[] = { "Delegate", "MemoryAccounting", "CPUAccounting",
					   "IOAccounting", "TasksAccounting" };
	int r = sdbus->bus_message_append(call, "(sv)(sv)", "Slice", "s", plan->slice, "PIDs",
					  "au", 1, (uint32_t)pid);

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(yes); i++)
		if (!is_asked_for(plan, yes[i]))
			r = sdbus->bus_message_append(call, "(sv)", yes[i], "b", 1);
	if (r >= 0 && !is_asked_for(plan, "DefaultDependencies"))
		r = sdbus->bus_message_append(call, "(sv)", "DefaultDependencies", "b", 0);
	if (r >= 0 && !is_asked_for(plan, "Description"))
		r = sdbus->bus_message_append(call, "(sv)", "Description", "s",
					      plan->description);
	return r;
}

static int append_limits(const struct sdbus *sdbus, sd_bus_message *call,
			 const struct unit_plan *plan, const struct unit_properties *limits)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < limits->count; i++)
		if (!is_asked_for(plan, limits->items[i].name))
			r = append_property(sdbus, call, &limits->items[i]);
	return r;
}

/* ---- start ---- */

static int build_start(struct manager *manager, const struct unit_plan *plan,
		       const struct unit_properties *limits, pid_t pid, sd_bus_message **ret)
{
	const struct sdbus *sdbus = manager->sdbus;
	int r;

	*ret = NULL;
	if (manager_new_call(manager, "StartTransientUnit", ret))
		return err_code();
	r = sdbus->bus_message_append(*ret, "ss", plan->name, "fail");
	if (r >= 0)
		r = sdbus->bus_message_open_container(*ret, 'a', "(sv)");
	if (r >= 0)
		r = append_own(sdbus, *ret, plan, pid);
	if (r >= 0)
		r = append_limits(sdbus, *ret, plan, limits);
	if (r >= 0)
		r = append_properties(sdbus, *ret, plan->properties, plan->property_count);
	if (r >= 0)
		r = sdbus->bus_message_close_container(*ret);
	if (r >= 0)
		r = sdbus->bus_message_append(*ret, "a(sa(sv))", 0);
	return r < 0 ? err_sys(-r, "StartTransientUnit") : 0;
}

static int start_once(struct manager *manager, const struct unit_plan *plan,
		      const struct unit_properties *limits, pid_t pid)
{
	sd_bus_message *call;
	int r = build_start(manager, plan, limits, pid, &call);

	if (r == 0)
		r = manager_begin_job(manager, call, plan->name);
	manager->sdbus->bus_message_unref(call);
	return r;
}

static int find_cgroup(struct manager *manager, const char *name, char **ret_path)
{
	const struct sdbus *sdbus = manager->sdbus;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	_cleanup_free_ char *object = NULL;
	int r = sdbus->bus_path_encode(MANAGER_PATH "/unit", name, &object);

	if (r >= 0)
		r = sdbus->bus_get_property_string(manager->bus, MANAGER, object,
						   MANAGER ".Scope", "ControlGroup", &error,
						   ret_path);
	return r < 0 ? manager_fail(manager, name, r, &error) : 0;
}

static int start(struct manager *manager, const struct unit_plan *plan,
		 const struct unit_properties *limits, pid_t pid)
{
	int r = start_once(manager, plan, limits, pid);

	if (r == -EEXIST) {
		manager_forget_failed(manager, plan->name);
		r = start_once(manager, plan, limits, pid);
	}
	if (r == -EEXIST)
		return err_refuse("%s: the unit already exists", plan->name);
	if (r == -ENOENT)
		return err_refuse("%s: systemd knows no such unit", plan->slice);
	return r == 0 ? manager_await_job(manager, plan->name) : r;
}

int unit_start(const struct unit_plan *plan, const struct cgroup_write *writes, size_t count,
	       pid_t pid, char **ret_path)
{
	_cleanup_manager_ struct manager manager = { 0 };
	struct unit_properties limits;
	int r;

	*ret_path = NULL;
	unit_properties(writes, count, &limits);
	r = manager_connect(&manager, plan->is_user);
	if (r == 0)
		r = start(&manager, plan, &limits, pid);
	if (r < 0)
		return r;
	return find_cgroup(&manager, plan->name, ret_path);
}

/* ---- later ---- */

static int send_update(struct manager *manager, const char *name,
		       const struct unit_properties *limits)
{
	const struct sdbus *sdbus = manager->sdbus;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *call = NULL;
	int r = manager_new_call(manager, "SetUnitProperties", &call);

	if (r < 0)
		return r;
	r = sdbus->bus_message_append(call, "sb", name, 1);
	if (r >= 0)
		r = sdbus->bus_message_open_container(call, 'a', "(sv)");
	if (r >= 0)
		r = append_properties(sdbus, call, limits->items, limits->count);
	if (r >= 0)
		r = sdbus->bus_message_close_container(call);
	if (r >= 0)
		r = sdbus->bus_call(manager->bus, call, manager_time_left(manager), &error,
				    NULL);
	sdbus->bus_message_unref(call);
	return r < 0 ? manager_fail(manager, name, r, &error) : 0;
}

int unit_update(const char *name, bool is_user, const struct cgroup_write *writes, size_t count)
{
	_cleanup_manager_ struct manager manager = { 0 };
	struct unit_properties limits;
	int r;

	unit_properties(writes, count, &limits);
	if (limits.count == 0)
		return 0;
	r = manager_connect(&manager, is_user);
	return r < 0 ? r : send_update(&manager, name, &limits);
}

int unit_stop(const char *name, bool is_user)
{
	_cleanup_manager_ struct manager manager = { 0 };
	sd_bus_message *call = NULL;
	int r = manager_connect(&manager, is_user);

	if (r == 0)
		r = manager_new_call(&manager, "StopUnit", &call);
	if (r < 0)
		return r;
	manager.sdbus->bus_message_append(call, "ss", name, "replace");
	r = manager_begin_job(&manager, call, name);
	manager.sdbus->bus_message_unref(call);
	if (r == 0)
		r = manager_await_job(&manager, name);
	if (r == -ENOENT)
		r = 0; /* it ended with its last process */
	if (r == 0)
		manager_forget_failed(&manager, name);
	return r;
}
