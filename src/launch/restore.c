/* SPDX-License-Identifier: GPL-2.0-or-later */
/* restore - the order in which a container comes back that was saved by CRIU. */
#include "base/cleanup.h"
#include "launch/create_wants.h"
#include "launch/launch.h"
#include "launch/parent.h"
#include "launch/parent_restore.h"
#include "launch/step.h"

#define P SIDE_PARENT

/*
 * Why here: all that is around the processes is made as for a new container, and CRIU is started
 * within, so that what it brings back is born there: in the cgroup, which systemd makes around
 * it, and in the group of resctrl; whom it tells that it is ready listens before.  tare-init has no part in it.  Hooks run when CRIU says
 * that the namespaces are there, within the row that brings the processes back.
 */
/* clang-format off */
static const struct step steps[] = {
	/* name                 side  awaited  wanted               act       run                    undo */
	{ "check-restore",      P,    false,   NULL,                ACT_NONE, parent_check_restore,  NULL },
	{ "reserve-state",      P,    false,   NULL,                ACT_NONE, parent_reserve_state,  undo_reserve_state },
	{ "save-config",        P,    false,   NULL,                ACT_NONE, parent_save_config,    NULL },
	{ "notify-directory",   P,    false,   wants_notify,        ACT_NONE, parent_listen,         NULL },
	{ "make-cgroup",        P,    false,   NULL,                ACT_NONE, parent_make_cgroup,    undo_make_cgroup },
	{ "device-filter",      P,    false,   wants_device_filter, ACT_NONE, parent_device_filter,  NULL },
	{ "cgroup-limits",      P,    false,   wants_cgroup_limits, ACT_NONE, parent_cgroup_limits,  NULL },
	{ "open-namespaces",    P,    false,   wants_open_namespaces, ACT_NONE, parent_open_namespaces, NULL },
	{ "make-resctrl",       P,    false,   wants_resctrl,       ACT_NONE, parent_make_resctrl,   undo_make_resctrl },
	{ "mount-points",       P,    false,   NULL,                ACT_NONE, parent_mount_points,   NULL },
	{ "start-criu",         P,    false,   NULL,                ACT_NONE, parent_start_criu,     undo_start_criu },
	{ "record-criu",        P,    false,   NULL,                ACT_NONE, parent_record_init,    NULL },
	{ "make-scope",         P,    false,   wants_scope,         ACT_NONE, parent_make_scope,     undo_make_scope },
	{ "scope-devices",      P,    false,   wants_scope_devices, ACT_NONE, parent_device_filter,  NULL },
	{ "scope-limits",       P,    false,   wants_scope_limits,  ACT_NONE, parent_cgroup_limits,  NULL },
	{ "join-resctrl",       P,    false,   wants_resctrl,       ACT_NONE, parent_join_resctrl,   NULL },
	{ "restore",            P,    false,   NULL,                ACT_NONE, parent_restore,        undo_restore },
	{ "record-init",        P,    false,   NULL,                ACT_NONE, parent_record_init,    NULL },
	{ "send-console",       P,    false,   wants_terminal,      ACT_NONE, parent_send_console,   NULL },
	{ "pid-file",           P,    false,   NULL,                ACT_NONE, parent_pid_file,       undo_pid_file },
	{ "write-record",       P,    false,   NULL,                ACT_NONE, parent_write_restored, NULL },
};
/* clang-format on */

int launch_restore(struct launch *launch, const struct launch_request *request)
{
	launch->is_over = true; /* there is no tare-init to ask why */
	return steps_walk(steps, ARRAY_SIZE(steps), launch, request);
}
