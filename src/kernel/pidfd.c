/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfd - wait for a process that is held by a descriptor. */
#include "kernel/pidfd.h"

#include <errno.h>
#include <poll.h>

#include "kernel/deadline.h"

bool pidfd_has_ended(int pidfd, int timeout_ms)
{
	struct deadline deadline = deadline_in(timeout_ms);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int r;

	do {
		r = poll(&end, 1, deadline_left(&deadline));
	} while (r < 0 && errno == EINTR);
	return r == 1;
}
