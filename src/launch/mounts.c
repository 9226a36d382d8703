/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - the order in which mounts come to a container that is there, and go. */
#include "base/cleanup.h"
#include "launch/create_wants.h"
#include "launch/launch.h"
#include "launch/parent.h"
#include "launch/parent_exec.h"
#include "launch/step.h"

#define P SIDE_PARENT
#define I SIDE_INIT

/*
 * Why here: what is bound is opened where it can be seen, detached.  Tare-init then
 * goes into the container's namespaces, stays in our cgroup, since the container may be
 * paused, and in our pid namespace, where nobody in there sees it.  It
 * does nothing there unless we still live and want it to.
 */
/* clang-format off */
static const struct step steps[] = {
	/* name                 side  awaited  wanted               act                     run                    undo */
	{ "map-mounts",         P,    false,   wants_mount_maps,    ACT_NONE,               parent_map_mounts,     NULL },
	{ "open-host-files",    P,    false,   NULL,                ACT_NONE,               parent_live_files,     NULL },
	{ "start-init",         P,    false,   NULL,                ACT_NONE,               parent_start_visit,    undo_start_visit },
	{ "enter-container",    I,    false,   NULL,                ACT_ENTER,              NULL,                  NULL },
	{ "become-root",        I,    false,   wants_become_root,   ACT_BECOME_ROOT,        NULL,                  NULL },
	{ "commit",             P,    true,    NULL,                ACT_NONE,               parent_commit_visit,   NULL },
	{ "add-mounts",         I,    true,    wants_addition,      ACT_ADD_MOUNTS,         NULL,                  NULL },
	{ "remove-mounts",      I,    true,    wants_removal,       ACT_REMOVE_MOUNTS,      NULL,                  NULL },
	{ "end-init",           P,    false,   NULL,                ACT_NONE,               parent_end_visit,      NULL },
};
/* clang-format on */

int launch_mounts(struct launch *launch, const struct launch_request *request)
{
	return steps_walk(steps, ARRAY_SIZE(steps), launch, request);
}
