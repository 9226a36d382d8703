/* SPDX-License-Identifier: GPL-2.0-or-later */
/* supervise - stay with a container in the foreground. */
#pragma once

#include <sys/types.h>

#include "launch/notify.h"

/* Give the container's terminal, whose master is CONSOLE, the size of ours, if we have one. */
void supervise_resize(int console);

/*
 * After interrupt_begin(), which keeps signals for here: wait for PID, our child, whose pidfd is PIDFD: pass signals on to it, copy
 * between our terminal and CONSOLE (the master of its own; NO_FD: it has our
 * stdio), reap what it orphans to us, tell the
 * manager behind NOTIFY when it is ready.  Returns its exit status, 128 + n when
 * signal n ended it.
 */
int supervise_run(pid_t pid, int pidfd, int console, struct notify *notify);
