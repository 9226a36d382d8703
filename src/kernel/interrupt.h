/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interrupt - waits that the user can end, while his other signals are kept for the container. */
#pragma once

#include <poll.h>

/*
 * Block every signal but those that our own mistakes raise; INT, TERM, HUP and QUIT, if they are
 * not ignored, end an interrupt_poll() from here on.  All others wait until somebody takes them
 * (signalfd(2)).  Without this call no signal is touched and interrupt_poll() is poll(2).
 */
int interrupt_begin(void);

/*
 * poll(2), begun anew after a signal that does not concern it.  Returns what poll(2) does;
 * -EINTR with a record that names the signal when one of them came, also before the call (once:
 * what takes the failure back may wait again, and be interrupted again); another -errno with a record.
 */
int interrupt_poll(struct pollfd *polls, nfds_t count, int timeout_ms);
