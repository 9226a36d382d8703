/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unit - let systemd make the container's cgroup: what is asked of it. */
#include "cgroup/unit.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
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

static void put_value(struct bus_message *call, const struct unit_property *property)
{
	int boolean = property->boolean;
	int32_t integer = (int32_t)property->integer;
	uint32_t natural = (uint32_t)property->natural;

	switch (property->type) {
	case UNIT_BOOL:
		bus_put(call, 'b', &boolean);
		break;
	case UNIT_INT32:
		bus_put(call, 'i', &integer);
		break;
	case UNIT_UINT32:
		bus_put(call, 'u', &natural);
		break;
	case UNIT_STRING:
		bus_put(call, 's', property->text);
		break;
	case UNIT_STRINGS:
		bus_put_strings(call, property->strings.items);
		break;
	case UNIT_BYTES:
		bus_put_items(call, 'y', property->bytes.items, property->bytes.count);
		break;
	default: /* of 64 bits */
		bus_put(call, *signatures[property->type], &property->natural);
	}
}

static void open_property(struct bus_message *call, const char *name, const char *signature)
{
	bus_open(call, 'r', "sv");
	bus_put(call, 's', name);
	bus_open(call, 'v', signature);
}

static void close_property(struct bus_message *call)
{
	bus_close(call);
	bus_close(call);
}

static void put_property(struct bus_message *call, const struct unit_property *property)
{
	open_property(call, property->name, signatures[property->type]);
	put_value(call, property);
	close_property(call);
}

static void put_properties(struct bus_message *call, const struct unit_property *properties,
			   size_t count)
{
	for (size_t i = 0; i < count; i++)
		put_property(call, &properties[i]);
}

static void put_pid(struct bus_message *call, pid_t pid)
{
	uint32_t number = (uint32_t)pid;

	open_property(call, "PIDs", "au");
	bus_put_items(call, 'u', &number, 1);
	close_property(call);
}

/* True when an annotation says it: that has the last word. */
static bool is_asked_for(const struct unit_plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->property_count; i++)
		if (strcmp(plan->properties[i].name, name) == 0)
			return true;
	return false;
}

static void put_unless_asked(struct bus_message *call, const struct unit_plan *plan,
			     const struct unit_property *properties, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_asked_for(plan, properties[i].name))
			put_property(call, &properties[i]);
}

/* systemd.scope(5): delegated, so that it leaves what is below to us and to the container. */
static void put_own(struct bus_message *call, const struct unit_plan *plan, pid_t pid)
{
	const struct unit_property slice = { "Slice", UNIT_STRING, .text = plan->slice };
	const struct unit_property own[] = {
		{ "Delegate", UNIT_BOOL, .boolean = true },
		{ "MemoryAccounting", UNIT_BOOL, .boolean = true },
		{ "CPUAccounting", UNIT_BOOL, .boolean = true },
		{ "IOAccounting", UNIT_BOOL, .boolean = true },
		{ "TasksAccounting", UNIT_BOOL, .boolean = true },
		{ "DefaultDependencies", UNIT_BOOL, .boolean = false },
		{ "Description", UNIT_STRING, .text = plan->description },
	};

	put_property(call, &slice);
	put_pid(call, pid);
	put_unless_asked(call, plan, own, ARRAY_SIZE(own));
}

/* ---- start ---- */

static int start_once(struct manager *manager, const struct unit_plan *plan,
		      const struct unit_properties *limits, pid_t pid)
{
	struct bus_message *call = manager_new_call(manager, "StartTransientUnit");

	bus_put(call, 's', plan->name);
	bus_put(call, 's', "fail");
	bus_open(call, 'a', "(sv)");
	put_own(call, plan, pid);
	put_unless_asked(call, plan, limits->items, limits->count);
	put_properties(call, plan->properties, plan->property_count);
	bus_close(call);
	bus_open(call, 'a', "(sa(sv))"); /* units beside it: none */
	bus_close(call);
	return manager_begin_job(manager, call, plan->name);
}

static int find_cgroup(struct manager *manager, const char *name, char **ret_path)
{
	char object[UNIT_OBJECT_MAX];
	struct bus_message *call;

	if (unit_object(name, object) < 0)
		return err_refuse("%s: the name is too long", name);
	call = bus_message_new(manager->bus, MANAGER, object, "org.freedesktop.DBus.Properties",
			       "Get");
	bus_put(call, 's', MANAGER ".Scope");
	bus_put(call, 's', "ControlGroup");
	return manager_call(manager, call, name, ret_path);
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
	struct bus_message *call = manager_new_call(manager, "SetUnitProperties");
	int is_runtime = 1;

	bus_put(call, 's', name);
	bus_put(call, 'b', &is_runtime);
	bus_open(call, 'a', "(sv)");
	put_properties(call, limits->items, limits->count);
	bus_close(call);
	return manager_call(manager, call, name, NULL);
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
	struct bus_message *call;
	int r = manager_connect(&manager, is_user);

	if (r < 0)
		return r;
	call = manager_new_call(&manager, "StopUnit");
	bus_put(call, 's', name);
	bus_put(call, 's', "replace");
	r = manager_begin_job(&manager, call, name);
	if (r == 0)
		r = manager_await_job(&manager, name);
	if (r == -ENOENT)
		r = 0; /* it ended with its last process */
	if (r == 0)
		manager_forget_failed(&manager, name);
	return r;
}
