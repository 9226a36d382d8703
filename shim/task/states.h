/* SPDX-License-Identifier: GPL-2.0-or-later */
/* states - what may be done to a process, and when. */
#pragma once

#include <stdbool.h>

enum state {
	STATE_CREATED,
	STATE_RESTORABLE, /* created from a checkpoint: start restores it */
	STATE_RUNNING,
	STATE_PAUSED,
	STATE_STOPPED,
	STATE_DELETED,
	STATES
};

enum action {
	ACTION_START,
	ACTION_DELETE,
	ACTION_PAUSE,
	ACTION_RESUME,
	ACTION_UPDATE,
	ACTION_CHECKPOINT,
	ACTION_EXEC,
	ACTION_KILL,
	ACTION_RESIZE,
	ACTIONS
};

/* What happens to a process, by us or by itself. */
enum event { EVENT_STARTED, EVENT_PAUSED, EVENT_RESUMED, EVENT_EXITED, EVENT_DELETED, EVENTS };

/* Why ACTION is not for a container's init in STATE; NULL: it is. */
const char *state_refusal(enum state state, enum action action);

/* The same for a process that was added by exec. */
const char *state_exec_refusal(enum state state, enum action action);

/* The state after EVENT: STATE itself where that cannot happen or changes nothing. */
enum state state_after(enum state state, enum event event);

/* containerd.v1.types.Status */
enum status {
	STATUS_CREATED = 1,
	STATUS_RUNNING,
	STATUS_STOPPED,
	STATUS_PAUSED,
	STATUS_PAUSING
};

enum status state_status(enum state state);
