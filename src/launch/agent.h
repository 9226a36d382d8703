/* SPDX-License-Identifier: GPL-2.0-or-later */
/* agent - who answers for system calls that are notified (config-linux.md, "Seccomp"). */
#pragma once

#include "base/fd.h"

struct agent {
	const char *path;  /* linux.seccomp.listenerPath, absolute; borrowed */
	const char *state; /* the container process state, JSON; borrowed */
	int stream;        /* NO_FD: not connected */
};

/*
 * Is somebody listening at PATH?  The agent does not notice that it was asked.
 * Returns 0 or says why it cannot be connected to.
 */
int agent_find(const char *path);

/* Connect to it, anew; AGENT's stream is the caller's to close.  Gives up after ten seconds. */
int agent_connect(struct agent *agent);

/*
 * Send the state and LISTENER in one message, and close the connection.  Gives up
 * after ten seconds.
 */
int agent_send(struct agent *agent, int listener);
