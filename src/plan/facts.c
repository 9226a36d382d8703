/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts - what of the host a plan depends on, so that nothing else is looked up. */
#include "plan/plan.h"

#include <string.h>

/* Where the path says nothing about ours, and we stay in none, it does not matter which that is. */
static bool depends_on_own_cgroup(const struct plan_request *request)
{
	const struct oci_linux *linux = request->spec->linux;
	const char *path = linux ? linux->cgroups_path : NULL;

	return request->is_systemd || request->wants_no_cgroup || !path || *path != '/';
}

static bool is_said(const char *text)
{
	return text && *text;
}

static bool has_labels(const struct oci_spec *spec)
{
	const struct oci_process *process = spec->process;

	return (spec->linux && is_said(spec->linux->mount_label)) ||
	       (process &&
		(is_said(process->selinux_label) || is_said(process->apparmor_profile)));
}

static bool has_time_namespace(const struct oci_spec *spec)
{
	for (size_t i = 0; spec->linux && i < spec->linux->namespaces.count; i++)
		if (spec->linux->namespaces.items[i].type == OCI_NAMESPACE_TIME)
			return true;
	return false;
}

/* Whoever makes the cgroup wants to know the controllers, too. */
unsigned plan_facts(const struct plan_request *request)
{
	unsigned facts = HOST_CONTROLLERS;

	if (request->findings)
		return HOST_ALL;
	if (depends_on_own_cgroup(request))
		facts |= HOST_OWN_CGROUP;
	if (has_labels(request->spec))
		facts |= HOST_LSM;
	if (has_time_namespace(request->spec))
		facts |= HOST_TIME;
	return facts;
}
