/* SPDX-License-Identifier: GPL-2.0-or-later */
/* acts - which function does what a row of the plan asks for. */
#include "base/cleanup.h"
#include "base/err.h"
#include "init/init.h"

static init_act *const acts[ACT_COUNT] = {
	/* clang-format off */
	[ACT_JOIN_NAMESPACES]   = act_join_namespaces,
	[ACT_BECOME_ROOT]       = act_become_root,
	[ACT_TIME_OFFSETS]      = act_time_offsets,
	[ACT_CGROUP_NAMESPACE]  = act_cgroup_namespace,
	[ACT_SESSION]           = act_session,
	[ACT_LOOPBACK]          = act_loopback,
	[ACT_KEYRING]           = act_keyring,
	[ACT_PROPAGATION]       = act_propagation,
	[ACT_MOUNTS_ASIDE]      = act_mounts_aside,
	[ACT_ROOTFS]            = act_rootfs,
	[ACT_MOUNTS]            = act_mounts,
	[ACT_DEVICES]           = act_devices,
	[ACT_CONSOLE]           = act_console,
	[ACT_PIVOT]             = act_pivot,
	[ACT_HOSTNAME]          = act_hostname,
	[ACT_SYSCTL]            = act_sysctl,
	[ACT_READONLY_PATHS]    = act_readonly_paths,
	[ACT_MASKED_PATHS]      = act_masked_paths,
	[ACT_ROOT_READONLY]     = act_root_readonly,
	[ACT_SCHEDULING]        = act_scheduling,
	[ACT_IDENTITY]          = act_identity,
	[ACT_LABEL]             = act_label,
	[ACT_ENVIRONMENT]       = act_environment,
	[ACT_WORKING_DIRECTORY] = act_working_directory,
	[ACT_EXECUTABLE]        = act_executable,
	[ACT_READY]             = act_ready,
	[ACT_GO_ON]             = act_go_on,
	[ACT_WAIT_FOR_START]    = act_wait_for_start,
	[ACT_HOOKS_START]       = act_hooks_start,
	[ACT_REACH_AGENT]       = act_reach_agent,
	[ACT_SECCOMP]           = act_seccomp,
	[ACT_EXEC]              = act_exec,
	[ACT_AFFINITY]          = act_affinity,
	[ACT_ENTER]             = act_enter,
	[ACT_TERMINAL]          = act_terminal,
	[ACT_SPAWN]             = act_spawn,
	[ACT_ADD_MOUNTS]        = act_add_mounts,
	[ACT_REMOVE_MOUNTS]     = act_remove_mounts,
	[ACT_SURFACE]           = act_surface,
	/* clang-format on */
};

int act_run(struct init *init, unsigned act)
{
	if (act == ACT_NONE)
		return 0; /* a row that is only waited for */
	if (act >= ACT_COUNT || !acts[act])
		return err_refuse("act %u is unknown", act);
	return acts[act](init);
}
