/* SPDX-License-Identifier: GPL-2.0-or-later */
/* agent - who answers for system calls that are notified (config-linux.md, "Seccomp"). */
#pragma once

#include <sys/types.h>

#include "base/fd.h"
#include "init/block.h"
#include "libocispec/state.h"
#include "state/record.h"

struct agent {
	const char *path;            /* linux.seccomp.listenerPath, absolute */
	const char *metadata;        /* linux.seccomp.listenerMetadata; NULL: none */
	const struct record *record; /* the container; all three are borrowed */
	enum oci_status status;      /* how it is */
	int stream;                  /* NO_FD: not connected */
};

/*
 * Is somebody listening at PATH?  The agent does not notice that it was asked.
 * Returns 0 or says why it cannot be connected to.
 */
int agent_find(const char *path);

/* Connect to it, anew; AGENT's stream is the caller's to close.  Gives up after ten seconds. */
int agent_connect(struct agent *agent);

/*
 * Send the container process state of process PID and its LISTENER in one message,
 * and close the connection.  Gives up after ten seconds.
 */
int agent_send(struct agent *agent, pid_t pid, int listener);

/*
 * Do what tare-init asks for by MESSAGE_AGENT or MESSAGE_LISTENER, with which LISTENER of
 * process PID came, and answer it over CHANNEL.  Other messages are left alone.
 */
int agent_serve(struct agent *agent, const struct message *message, pid_t pid, int listener,
		int channel);
