/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notify - tell the service manager when the container is ready: sd_notify(3). */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include "base/fd.h"

/* In the container's directory, and there mounted in the container. */
#define NOTIFY_DIRECTORY "notify"

/* Beside it, once the container has said that it is ready. */
#define NOTIFY_MARK "ready"

struct notify {
	int socket; /* where the container talks to; NO_FD: nobody listens (any more) */
	int slot;   /* the container's directory, for the mark */
	struct sockaddr_un manager;
	socklen_t manager_size;
};

#define NOTIFY_NONE                            \
	{                                      \
		.socket = NO_FD, .slot = NO_FD \
	}

/*
 * Listen to the container whose directory is SLOT, on behalf of the manager behind
 * $NOTIFY_SOCKET.  Without that variable, or when the container was created without, there is
 * nothing to listen to, which is success; a manager that cannot be reached that way is refused.
 */
int notify_listen(int slot, struct notify *ret_notify);

/*
 * Take what has come.  Once it says READY= the manager is told so, and that its main process
 * is MAIN unless that is 0; then nobody listens any more.  All else is dropped, as by runc; a
 * manager who does not hear it is a warning.
 */
void notify_take(struct notify *notify, pid_t main);

/* Until the container, whose first process is PID with PIDFD, is ready or has ended. */
int notify_wait(struct notify *notify, pid_t pid, int pidfd);

/*
 * The container, whose first process is MAIN, is ready and nobody has to say so: tell the manager
 * behind $NOTIFY_SOCKET, if there is one; MAIN may be 0 as above.  Its directory SLOT has the mark
 * afterwards.  A failure is a warning, since it runs already.
 */
void notify_announce(int slot, pid_t main);

void notify_close(struct notify *notify);
#define _cleanup_notify_ _cleanup_(notify_close)
