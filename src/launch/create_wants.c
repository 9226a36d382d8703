/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create_wants - which rows of the tables a plan needs; pure, so both sides agree. */
#include "launch/create_wants.h"

#include <sched.h>
#include <sys/resource.h>

bool wants_device_filter(const struct plan *plan)
{
	return plan->cgroup.path && !plan->cgroup.unit && plan->cgroup.wants_devices;
}

bool wants_cgroup_limits(const struct plan *plan)
{
	return !plan->cgroup.unit && plan->cgroup.write_count > 0;
}

bool wants_scope(const struct plan *plan)
{
	return plan->cgroup.unit;
}

bool wants_scope_devices(const struct plan *plan)
{
	return plan->cgroup.unit && plan->cgroup.wants_devices;
}

bool wants_scope_limits(const struct plan *plan)
{
	return plan->cgroup.unit && plan->cgroup.write_count > 0;
}

/* Its root is the cgroup that the process is in, so clone(2) cannot make it before the scope. */
bool wants_cgroup_namespace(const struct plan *plan)
{
	return plan->cgroup.unit && plan->clone_flags & CLONE_NEWCGROUP;
}

bool wants_open_namespaces(const struct plan *plan)
{
	return plan->join_count > 0;
}

bool wants_mount_maps(const struct plan *plan)
{
	return plan->mount_map_count > 0;
}

/*
 * At the end of execve(2) the kernel puts back the limit of the stack that there was at its
 * beginning: what is set while tare-init is being executed would be lost.
 */
bool wants_stack_limit(const struct plan *plan)
{
	for (size_t i = 0; i < plan->rlimit_count; i++)
		if (plan->rlimits[i].resource == RLIMIT_STACK)
			return true;
	return false;
}

/* What tare-init could not be executed with, or would lose by that. */
static bool is_for_later(int resource)
{
	return resource == RLIMIT_STACK || resource == RLIMIT_AS || resource == RLIMIT_DATA;
}

/*
 * It sets its limits while it is still one of us: it has nothing to wait for then.  In a user
 * namespace, which it is born in unless the container is there, it may raise none, and when another
 * process takes its place RLIMIT_NPROC is for that.
 */
bool wants_own_limits(const struct plan *plan)
{
	if ((plan->init->has_user_namespace && !plan->init->enters) ||
	    plan->init->processes.is_set)
		return false;
	for (size_t i = 0; i < plan->rlimit_count; i++)
		if (is_for_later(plan->rlimits[i].resource))
			return false;
	return plan->rlimit_count > 0;
}

bool wants_limits(const struct plan *plan)
{
	return (plan->rlimit_count > 0 && !wants_own_limits(plan)) || plan->has_oom_score;
}

bool wants_idmap(const struct plan *plan)
{
	return plan->clone_flags & CLONE_NEWUSER;
}

bool wants_resctrl(const struct plan *plan)
{
	return plan->resctrl.is_wanted;
}

bool wants_net_devices(const struct plan *plan)
{
	return plan->net_device_count > 0;
}

bool wants_keyring(const struct plan *plan)
{
	return plan->init->session_name != 0;
}

bool wants_joins(const struct plan *plan)
{
	return plan->init->joins.count > 0;
}

bool wants_become_root(const struct plan *plan)
{
	return plan->init->has_user_namespace;
}

bool wants_time_offsets(const struct plan *plan)
{
	return plan->init->wants_time_namespace;
}

bool wants_hostname(const struct plan *plan)
{
	return plan->init->hostname || plan->init->domainname;
}

bool wants_loopback(const struct plan *plan)
{
	return plan->init->wants_loopback;
}

bool wants_sysctl(const struct plan *plan)
{
	return plan->init->sysctls.count > 0;
}

/* A mount namespace that is joined is somebody else's, too. */
bool wants_propagation(const struct plan *plan)
{
	return plan->init->has_mount_namespace;
}

bool wants_mounts_aside(const struct plan *plan)
{
	return plan->init->keeps_mount_namespace;
}

bool wants_mounts(const struct plan *plan)
{
	return plan->init->mounts.count > 0;
}

bool wants_addition(const struct plan *plan)
{
	return !plan->is_removal;
}

bool wants_removal(const struct plan *plan)
{
	return plan->is_removal;
}

bool wants_devices(const struct plan *plan)
{
	return plan->init->makes_devices || plan->init->devices.count > 0 ||
	       plan->init->links.count > 0 || plan->init->is_dev_readonly;
}

bool wants_terminal(const struct plan *plan)
{
	return plan->init->wants_terminal;
}

bool wants_hooks_runtime(const struct plan *plan)
{
	return plan->prestart.count > 0 || plan->create_runtime.count > 0;
}

bool wants_hooks_container(const struct plan *plan)
{
	return plan->create_container.count > 0;
}

bool wants_create_hooks(const struct plan *plan)
{
	return wants_hooks_runtime(plan) || wants_hooks_container(plan);
}

bool wants_readonly_paths(const struct plan *plan)
{
	return plan->init->readonly_paths.count > 0;
}

bool wants_masked_paths(const struct plan *plan)
{
	return plan->init->masked_paths.count > 0;
}

bool wants_root_readonly(const struct plan *plan)
{
	return plan->init->is_root_readonly;
}

bool wants_scheduling(const struct plan *plan)
{
	return plan->init->scheduler.is_set || plan->init->has_io_priority ||
	       plan->init->has_personality || plan->init->has_memory_policy;
}

bool wants_process(const struct plan *plan)
{
	return plan->init->has_process;
}

bool wants_seccomp(const struct plan *plan)
{
	return plan->has_seccomp;
}

bool wants_surface(const struct plan *plan)
{
	return plan->init->surfaces;
}

/* The agent, hooks and a scheduler need a process that the filter does not cover yet. */
bool wants_early_filter(const struct plan *plan)
{
	return plan->init->surfaces && plan->has_seccomp && !plan->seccomp_agent &&
	       !wants_hooks_start(plan) && !plan->init->scheduler.is_late;
}

bool wants_notify(const struct plan *plan)
{
	return plan->wants_notify;
}

bool wants_word(const struct plan *plan)
{
	return !plan->goes_on;
}

bool wants_no_word(const struct plan *plan)
{
	return plan->goes_on;
}

bool wants_agent(const struct plan *plan)
{
	return plan->seccomp_agent;
}

bool wants_label(const struct plan *plan)
{
	return plan->init->selinux_label || plan->init->apparmor_profile;
}

bool wants_hooks_start(const struct plan *plan)
{
	return plan->init->hooks_start.count > 0;
}

bool wants_affinity(const struct plan *plan)
{
	return plan->initial_affinity_count > 0;
}
