/* SPDX-License-Identifier: GPL-2.0-or-later */
/* terminal - our own terminal while a container is in the foreground. */
#pragma once

#include <stdbool.h>
#include <termios.h>

#include "base/cleanup.h"

/* The terminal's settings before us; put back when this goes out of scope. */
struct terminal {
	int fd; /* NO_FD: nothing to put back; the descriptor stays the caller's */
	struct termios saved;
};

/*
 * Pass every key on as it is typed.  What is printed is still processed: that
 * end-of-line becomes CR LF is done here and, by terminal_leave_newlines(),
 * not in the container's terminal too.
 */
int terminal_make_raw(int fd, struct terminal *ret_terminal);
void terminal_restore(struct terminal *terminal); /* may be called again; keeps errno */
#define _cleanup_terminal_ _cleanup_(terminal_restore)

/* The container's terminal MASTER passes newlines as they are. */
int terminal_leave_newlines(int master);

/* Give TO the size of FROM, unless FROM knows none. */
int terminal_copy_size(int from, int to);
