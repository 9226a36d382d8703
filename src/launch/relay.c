/* SPDX-License-Identifier: GPL-2.0-or-later */
/* relay - copy bytes one way without waiting for either side. */
#include "launch/relay.h"

#include <errno.h>
#include <unistd.h>

#include "kernel/deadline.h"

struct pollfd relay_poll(const struct relay *relay)
{
	struct pollfd poll_fd = { .fd = -1 };

	if (relay->used < relay->size) {
		poll_fd.fd = relay->to;
		poll_fd.events = POLLOUT;
	} else if (!relay->is_ended) {
		poll_fd.fd = relay->from;
		poll_fd.events = POLLIN;
	}
	return poll_fd;
}

static bool is_temporary(int code)
{
	return code == EINTR || code == EAGAIN;
}

static void fill(struct relay *relay)
{
	ssize_t n = read(relay->from, relay->bytes, sizeof(relay->bytes));

	if (n < 0 && is_temporary(errno))
		return;
	/* A terminal whose other side is closed says EIO. */
	relay->is_ended = n <= 0;
	relay->size = n > 0 ? (size_t)n : 0;
	relay->used = 0;
}

static void empty(struct relay *relay)
{
	ssize_t n = write(relay->to, relay->bytes + relay->used, relay->size - relay->used);

	if (n >= 0) {
		relay->used += (size_t)n;
		return;
	}
	if (is_temporary(errno))
		return;
	/* Nobody reads any more: what comes is thrown away, so that the container is not held up. */
	relay->used = relay->size;
}

void relay_move(struct relay *relay, const struct pollfd *poll_fd)
{
	if (!poll_fd->revents)
		return;
	if (relay->used < relay->size)
		empty(relay);
	else if (!relay->is_ended)
		fill(relay);
}

void relay_drain(struct relay *relay, int silence_ms, int limit_ms)
{
	struct deadline deadline = deadline_in(limit_ms);

	while (deadline_left(&deadline) > 0) {
		struct pollfd poll_fd = relay_poll(relay);

		if (poll_fd.fd < 0 || poll(&poll_fd, 1, silence_ms) <= 0)
			return;
		relay_move(relay, &poll_fd);
	}
}
