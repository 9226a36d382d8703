/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gate - the socket where a created container waits for `start`. */
#pragma once

#include "launch/agent.h"

/*
 * Listen on a socket in the container's state directory DIR; the descriptor is
 * for tare-init.  Nobody but us can reach the directory.
 */
int gate_listen(int dir);

/*
 * Let the container behind DIR's gate go; PIDFD is its init, AGENT who gets the
 * listener of its filter (without a path: it has none).  Returns 0 once its
 * program is running (or has run and ended), or why it is not, in init's words.
 * How long startContainer hooks take is the hooks' business, so there is no
 * deadline: init's end is one.  -ECONNREFUSED or -ECONNRESET (recorded) when nobody waits there
 * (any more).
 */
int gate_open(int dir, int pidfd, struct agent *agent);

/* The same for a container without a gate, whose init listens to CHANNEL.  -ECONNRESET as above. */
int gate_say(int channel, struct agent *agent);
