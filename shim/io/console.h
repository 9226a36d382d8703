/* SPDX-License-Identifier: GPL-2.0-or-later */
/* console - the socket by which a runtime hands over a container's terminal. */
#pragma once

#include "shim/loop/loop.h"

struct console {
	struct loop *loop;
	char *path;            /* of the socket, in a directory of its own; NULL: none */
	struct watch listener; /* fds: NO_FD while there is none */
	struct watch sender;
	struct timer again; /* it listens again */
	int master;         /* of the terminal, once it has come, or NO_FD */
	void (*come)(struct console *console);
};

void console_init(struct console *console, struct loop *loop,
		  void (*come)(struct console *console));

/* Make the socket. Returns 0, or -errno with a record. */
int console_listen(struct console *console);

/* It is not needed any more: remove it. The master stays. */
void console_unlisten(struct console *console);

/* Set the size of the terminal at MASTER. Returns 0, or -errno with a record. */
int console_resize(int master, unsigned width, unsigned height);

void console_release(struct console *console);
