/* SPDX-License-Identifier: GPL-2.0-or-later */
/* states - what may be done to a process, and when. */
#include "shim/task/states.h"

#include <stddef.h>

#define GONE "container not created"

/* clang-format off */

/* Rows: actions; columns: states. The words are what clients of Go's shim know. */
static const char *const init_refusals[ACTIONS][STATES] = {
	[ACTION_START] = {
		[STATE_RUNNING] = "cannot start a running process",
		[STATE_PAUSED]  = "cannot start a paused process",
		[STATE_STOPPED] = "cannot start a stopped process",
		[STATE_DELETED] = GONE,
	},
	[ACTION_DELETE] = {
		[STATE_RUNNING] = "cannot delete a running process",
		[STATE_PAUSED]  = "cannot delete a paused process",
		[STATE_DELETED] = GONE,
	},
	[ACTION_PAUSE] = {
		[STATE_CREATED]    = "cannot pause task in created state",
		[STATE_RESTORABLE] = "cannot pause task in created state",
		[STATE_PAUSED]     = "cannot pause a paused container",
		[STATE_STOPPED]    = "cannot pause a stopped container",
		[STATE_DELETED]    = GONE,
	},
	[ACTION_RESUME] = {
		[STATE_CREATED]    = "cannot resume task in created state",
		[STATE_RESTORABLE] = "cannot resume task in created state",
		[STATE_RUNNING]    = "cannot resume a running process",
		[STATE_STOPPED]    = "cannot resume a stopped container",
		[STATE_DELETED]    = GONE,
	},
	[ACTION_UPDATE] = {
		[STATE_RESTORABLE] = "cannot update a container that is not restored yet",
		[STATE_STOPPED]    = "cannot update a stopped container",
		[STATE_DELETED]    = GONE,
	},
	[ACTION_CHECKPOINT] = {
		[STATE_CREATED]    = "cannot checkpoint a task in created state",
		[STATE_RESTORABLE] = "cannot checkpoint a task in created state",
		[STATE_STOPPED]    = "cannot checkpoint a stopped container",
		[STATE_DELETED]    = GONE,
	},
	[ACTION_EXEC] = {
		[STATE_RESTORABLE] = "cannot exec in a created state",
		[STATE_PAUSED]     = "cannot exec in a paused state",
		[STATE_STOPPED]    = "cannot exec in a stopped state",
		[STATE_DELETED]    = GONE,
	},
	[ACTION_KILL] = {
		[STATE_DELETED] = GONE,
	},
	[ACTION_RESIZE] = {
		[STATE_STOPPED] = "cannot resize a stopped container",
		[STATE_DELETED] = GONE,
	},
};

/* What an exec has no row for is never asked of it. */
static const char *const exec_refusals[ACTIONS][STATES] = {
	[ACTION_START] = {
		[STATE_RUNNING] = "cannot start a running process",
		[STATE_STOPPED] = "cannot start a stopped process",
		[STATE_DELETED] = "cannot start a deleted process",
	},
	[ACTION_DELETE] = {
		[STATE_RUNNING] = "cannot delete a running process",
		[STATE_DELETED] = "cannot delete a deleted process",
	},
	[ACTION_KILL] = {
		[STATE_CREATED] = "process not created",
		[STATE_STOPPED] = "process already finished",
		[STATE_DELETED] = "process already finished",
	},
	[ACTION_RESIZE] = {
		[STATE_STOPPED] = "cannot resize a stopped container",
		[STATE_DELETED] = "cannot resize a deleted container",
	},
};

/* Rows: states; columns: events. What is 0 (as created) changes nothing. */
static const enum state next_states[STATES][EVENTS] = {
	[STATE_CREATED] = {
		[EVENT_STARTED] = STATE_RUNNING,
		[EVENT_EXITED]  = STATE_STOPPED,
		[EVENT_DELETED] = STATE_DELETED,
	},
	[STATE_RESTORABLE] = {
		[EVENT_STARTED] = STATE_RUNNING,
		[EVENT_EXITED]  = STATE_STOPPED,
		[EVENT_DELETED] = STATE_DELETED,
	},
	[STATE_RUNNING] = {
		[EVENT_PAUSED] = STATE_PAUSED,
		[EVENT_EXITED] = STATE_STOPPED,
	},
	[STATE_PAUSED] = {
		[EVENT_RESUMED] = STATE_RUNNING,
		[EVENT_EXITED]  = STATE_STOPPED,
	},
	[STATE_STOPPED] = {
		[EVENT_DELETED] = STATE_DELETED,
	},
};

static const enum status statuses[STATES] = {
	[STATE_CREATED]    = STATUS_CREATED,
	[STATE_RESTORABLE] = STATUS_CREATED,
	[STATE_RUNNING]    = STATUS_RUNNING,
	[STATE_PAUSED]     = STATUS_PAUSED,
	[STATE_STOPPED]    = STATUS_STOPPED,
	[STATE_DELETED]    = STATUS_STOPPED,
};
/* clang-format on */

const char *state_refusal(enum state state, enum action action)
{
	return init_refusals[action][state];
}

const char *state_exec_refusal(enum state state, enum action action)
{
	return exec_refusals[action][state];
}

enum state state_after(enum state state, enum event event)
{
	enum state next = next_states[state][event];

	return next == STATE_CREATED ? state : next;
}

enum status state_status(enum state state)
{
	return statuses[state];
}
