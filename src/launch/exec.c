/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec - the order in which a process comes into a container that is there. */
#include "base/cleanup.h"
#include "launch/create_wants.h"
#include "launch/launch.h"
#include "launch/parent_exec.h"
#include "launch/step.h"

#define P SIDE_PARENT
#define I SIDE_INIT

/*
 * Why here: what can be refused without a process is.  tare-init is born in the
 * container's cgroup, on the processors that were asked for, and gets its limits
 * while it is ours alone, all but that of processes, for which it would count.  It
 * enters the container's namespaces, where nobody sees it, since it stays in our pid
 * namespace; there it becomes what the process is to be, down to its filter.  The last
 * row clones the process, which is visible, holds nothing that the container does not
 * have, and executes; it waits for no word of ours, but looks whether we and the
 * container's init are still there.  What tells others of the process comes when it has
 * executed, so a process that could not leaves no pid file.
 */
/* clang-format off */
static const struct step steps[] = {
	/* name                 side  awaited  wanted               act                     run                    undo */
	{ "open-cgroup",        P,    false,   NULL,                ACT_NONE,               parent_open_cgroup,    NULL },
	{ "compile-seccomp",    P,    false,   wants_seccomp,       ACT_NONE,               parent_exec_filter,    NULL },
	{ "find-agent",         P,    false,   wants_agent,         ACT_NONE,               parent_find_agent,     NULL },
	{ "reserve-pid-file",   P,    false,   NULL,                ACT_NONE,               parent_reserve_pid_file, undo_reserve_pid_file },
	{ "connect-pidfd-socket", P,  false,   NULL,                ACT_NONE,               parent_connect_pidfd,  NULL },
	{ "open-host-files",    P,    false,   NULL,                ACT_NONE,               parent_exec_files,     NULL },
	{ "initial-affinity",   P,    false,   wants_affinity,      ACT_NONE,               parent_affinity,       NULL },
	{ "start-init",         P,    false,   NULL,                ACT_NONE,               parent_start_entry,    undo_start_entry },
	{ "join-resctrl",       P,    true,    wants_resctrl,       ACT_NONE,               parent_enter_resctrl,  NULL },
	{ "init-runs",          I,    true,    wants_stack_limit,   ACT_NONE,               NULL,                  NULL },
	{ "limits",             P,    true,    wants_limits,        ACT_NONE,               parent_limits,         NULL },

	{ "affinity",           I,    false,   NULL,                ACT_AFFINITY,           NULL,                  NULL },
	{ "enter-container",    I,    false,   NULL,                ACT_ENTER,              NULL,                  NULL },
	{ "become-root",        I,    false,   wants_become_root,   ACT_BECOME_ROOT,        NULL,                  NULL },
	{ "keyring",            I,    false,   wants_keyring,       ACT_KEYRING,            NULL,                  NULL },
	{ "console",            I,    true,    wants_terminal,      ACT_TERMINAL,           NULL,                  NULL },
	{ "send-console",       P,    true,    wants_terminal,      ACT_NONE,               parent_send_console,   NULL },
	{ "scheduling",         I,    false,   wants_scheduling,    ACT_SCHEDULING,         NULL,                  NULL },
	{ "environment",        I,    false,   NULL,                ACT_ENVIRONMENT,        NULL,                  NULL },
	{ "working-directory",  I,    false,   NULL,                ACT_WORKING_DIRECTORY,  NULL,                  NULL },
	{ "identity",           I,    false,   NULL,                ACT_IDENTITY,           NULL,                  NULL },
	{ "label",              I,    false,   wants_label,         ACT_LABEL,              NULL,                  NULL },
	{ "executable",         I,    false,   NULL,                ACT_EXECUTABLE,         NULL,                  NULL },
	{ "exec",               I,    true,    NULL,                ACT_SPAWN,              NULL,                  NULL },

	/* from here on there is the process */
	{ "executed",           P,    false,   NULL,                ACT_NONE,               parent_executed,       NULL },
	{ "pid-file",           P,    false,   NULL,                ACT_NONE,               parent_exec_pid_file,  undo_pid_file },
	{ "send-pidfd",         P,    false,   NULL,                ACT_NONE,               parent_exec_send_pidfd, NULL },
};
/* clang-format on */

int launch_exec(struct launch *launch, const struct launch_request *request)
{
	launch->agent = (struct agent){
		.path = request->plan->seccomp_agent,
		.metadata = request->plan->seccomp_metadata,
		.record = request->container,
		.status = request->status,
		.stream = NO_FD,
	};
	return steps_walk(steps, ARRAY_SIZE(steps), launch, request);
}
