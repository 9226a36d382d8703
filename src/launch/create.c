/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create - the order in which a container comes to life. */
#include "base/cleanup.h"
#include "launch/create_wants.h"
#include "launch/launch.h"
#include "launch/parent.h"
#include "launch/step.h"

#define P SIDE_PARENT
#define I SIDE_INIT

/*
 * Why here: the cgroup is there before the first process, which is born inside; only systemd
 * wants the process first, and then its cgroup namespace has to wait.  The filter of its
 * devices is loaded while init mounts, and is there before any hook and before the program.
 * Where it may, init sets its limits itself, before it is executed; else it waits until we
 * have.  Until it is recorded it ends with us.  Namespaces and ids come before anything that is
 * made, so that it belongs to the container's root, a keyring too: exec finds it by its name
 * only if its owner has an id there.  Everything that looks at host paths (mount sources,
 * /dev/null) comes before the pivot; masks come after the hooks, which may mount below what is
 * masked.  The root becomes read-only once nothing has to be made in it.  The clocks' offsets
 * are set before init is the container's root, to whom its /proc/self does not belong.  The
 * filter is compiled while init mounts.  Identity comes as late as it can, then what must be
 * seen through the process's eyes: its label, directory and program.  Where others would see
 * it, they see it from then on only: another process, which is the container's init, and is
 * recorded once more.  A `run` that has nothing to do between the two lets init go on to its
 * program, and is woken once, by that.
 */
/* clang-format off */
static const struct step steps[] = {
	/* name                 side  awaited  wanted               act                     run                    undo */
	{ "reserve-state",      P,    false,   NULL,                ACT_NONE,               parent_reserve_state,  undo_reserve_state },
	{ "save-config",        P,    false,   NULL,                ACT_NONE,               parent_save_config,    NULL },
	{ "notify-directory",   P,    false,   wants_notify,        ACT_NONE,               parent_notify_directory, NULL },
	{ "make-cgroup",        P,    false,   NULL,                ACT_NONE,               parent_make_cgroup,    undo_make_cgroup },
	{ "cgroup-limits",      P,    false,   wants_cgroup_limits, ACT_NONE,               parent_cgroup_limits,  NULL },
	{ "open-namespaces",    P,    false,   wants_open_namespaces, ACT_NONE,             parent_open_namespaces, NULL },
	{ "map-mounts",         P,    false,   wants_mount_maps,    ACT_NONE,               parent_map_mounts,     NULL },
	{ "make-resctrl",       P,    false,   wants_resctrl,       ACT_NONE,               parent_make_resctrl,   undo_make_resctrl },
	{ "early-filter",       P,    false,   wants_early_filter,  ACT_NONE,               parent_early_filter,   NULL },
	{ "find-agent",         P,    false,   wants_agent,         ACT_NONE,               parent_find_agent,     NULL },
	{ "open-host-files",    P,    false,   NULL,                ACT_NONE,               parent_open_files,     NULL },
	{ "start-init",         P,    false,   NULL,                ACT_NONE,               parent_start_init,     undo_start_init },
	{ "init-runs",          I,    true,    wants_stack_limit,   ACT_NONE,               NULL,                  NULL },
	{ "limits",             P,    true,    wants_limits,        ACT_NONE,               parent_limits,         NULL },
	{ "record-init",        P,    false,   NULL,                ACT_NONE,               parent_record_init,    NULL },
	{ "make-scope",         P,    true,    wants_scope,         ACT_NONE,               parent_make_scope,     undo_make_scope },
	{ "scope-devices",      P,    true,    wants_scope_devices, ACT_NONE,               parent_device_filter,  NULL },
	{ "scope-limits",       P,    true,    wants_scope_limits,  ACT_NONE,               parent_cgroup_limits,  NULL },
	{ "join-resctrl",       P,    false,   wants_resctrl,       ACT_NONE,               parent_join_resctrl,   NULL },
	{ "write-idmap",        P,    true,    wants_idmap,         ACT_NONE,               parent_write_idmap,    NULL },
	{ "net-devices",        P,    true,    wants_net_devices,   ACT_NONE,               parent_net_devices,    undo_net_devices },

	{ "session",            I,    false,   NULL,                ACT_SESSION,            NULL,                  NULL },
	{ "join-namespaces",    I,    false,   wants_joins,         ACT_JOIN_NAMESPACES,    NULL,                  NULL },
	{ "time-offsets",       I,    false,   wants_time_offsets,  ACT_TIME_OFFSETS,       NULL,                  NULL },
	{ "become-root",        I,    false,   wants_become_root,   ACT_BECOME_ROOT,        NULL,                  NULL },
	{ "cgroup-namespace",   I,    false,   wants_cgroup_namespace, ACT_CGROUP_NAMESPACE, NULL,                 NULL },
	{ "keyring",            I,    false,   wants_keyring,       ACT_KEYRING,            NULL,                  NULL },
	{ "hostname",           I,    false,   wants_hostname,      ACT_HOSTNAME,           NULL,                  NULL },
	{ "loopback",           I,    false,   wants_loopback,      ACT_LOOPBACK,           NULL,                  NULL },
	{ "sysctl",             I,    false,   wants_sysctl,        ACT_SYSCTL,             NULL,                  NULL },
	{ "propagation",        I,    false,   wants_propagation,   ACT_PROPAGATION,        NULL,                  NULL },
	{ "mounts-aside",       I,    false,   wants_mounts_aside,  ACT_MOUNTS_ASIDE,       NULL,                  NULL },
	{ "rootfs",             I,    false,   NULL,                ACT_ROOTFS,             NULL,                  NULL },
	{ "mounts",             I,    false,   wants_mounts,        ACT_MOUNTS,             NULL,                  NULL },
	{ "devices",            I,    false,   wants_devices,       ACT_DEVICES,            NULL,                  NULL },
	{ "device-filter",      P,    true,    wants_device_filter, ACT_NONE,               parent_device_filter,  NULL },
	{ "console",            I,    true,    wants_terminal,      ACT_CONSOLE,            NULL,                  NULL },
	{ "rootfs-assembled",   I,    true,    wants_create_hooks,  ACT_NONE,               NULL,                  NULL },
	{ "hooks-runtime",      P,    true,    wants_hooks_runtime, ACT_NONE,               parent_hooks_runtime,  NULL },
	{ "hooks-container",    P,    true,    wants_hooks_container, ACT_NONE,             parent_hooks_container, NULL },
	{ "readonly-paths",     I,    false,   wants_readonly_paths, ACT_READONLY_PATHS,    NULL,                  NULL },
	{ "masked-paths",       I,    false,   wants_masked_paths,  ACT_MASKED_PATHS,       NULL,                  NULL },
	{ "pivot",              I,    false,   NULL,                ACT_PIVOT,              NULL,                  NULL },
	{ "scheduling",         I,    false,   wants_scheduling,    ACT_SCHEDULING,         NULL,                  NULL },
	{ "environment",        I,    false,   wants_process,       ACT_ENVIRONMENT,        NULL,                  NULL },
	{ "working-directory",  I,    false,   wants_process,       ACT_WORKING_DIRECTORY,  NULL,                  NULL },
	{ "root-readonly",      I,    false,   wants_root_readonly, ACT_ROOT_READONLY,      NULL,                  NULL },
	{ "compile-seccomp",    P,    true,    wants_seccomp,       ACT_NONE,               parent_compile_seccomp, NULL },
	{ "identity",           I,    false,   wants_process,       ACT_IDENTITY,           NULL,                  NULL },
	{ "label",              I,    false,   wants_label,         ACT_LABEL,              NULL,                  NULL },
	{ "executable",         I,    false,   wants_process,       ACT_EXECUTABLE,         NULL,                  NULL },
	{ "surface",            I,    true,    wants_surface,       ACT_SURFACE,            NULL,                  NULL },
	{ "record-surfaced",    P,    false,   wants_surface,       ACT_NONE,               parent_record_surfaced, NULL },
	{ "ready",              I,    true,    wants_word,          ACT_READY,              NULL,                  NULL },
	{ "send-console",       P,    false,   wants_terminal,      ACT_NONE,               parent_send_console,   NULL },
	{ "send-pidfd",         P,    false,   NULL,                ACT_NONE,               parent_send_pidfd,     NULL },
	{ "pid-file",           P,    false,   NULL,                ACT_NONE,               parent_pid_file,       undo_pid_file },
	{ "write-record",       P,    false,   NULL,                ACT_NONE,               parent_write_record,   NULL },
	{ "commit",             P,    true,    wants_word,          ACT_NONE,               parent_commit,         NULL },

	/* from here on init answers to `start`, or to nobody */
	{ "wait-for-start",     I,    false,   wants_word,          ACT_WAIT_FOR_START,     NULL,                  NULL },
	{ "go-on",              I,    false,   wants_no_word,       ACT_GO_ON,              NULL,                  NULL },
	{ "hooks-start",        I,    false,   wants_hooks_start,   ACT_HOOKS_START,        NULL,                  NULL },
	{ "reach-agent",        I,    false,   wants_agent,         ACT_REACH_AGENT,        NULL,                  NULL },
	{ "seccomp",            I,    false,   wants_seccomp,       ACT_SECCOMP,            NULL,                  NULL },
	{ "exec",               I,    false,   wants_word,          ACT_EXEC,               NULL,                  NULL },
	{ "exec",               I,    true,    wants_no_word,       ACT_EXEC,               NULL,                  NULL },
};
/* clang-format on */

/*
 * Nobody is told of the container before its program runs.  Init hears that its device filter is
 * there after it was recorded: it cannot come to its program without that.
 */
static bool may_go_on(const struct launch_request *request)
{
	const struct plan *plan = request->plan;

	return request->starts_itself && !request->pid_file && !request->pidfd_socket &&
	       !wants_terminal(plan) && !wants_notify(plan) && !wants_agent(plan) &&
	       !wants_hooks_start(plan) && !wants_surface(plan) && wants_device_filter(plan);
}

int launch_create(struct launch *launch, const struct launch_request *request)
{
	request->plan->goes_on = may_go_on(request);
	return steps_walk(steps, ARRAY_SIZE(steps), launch, request);
}
