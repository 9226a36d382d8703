/* SPDX-License-Identifier: GPL-2.0-or-later */
/* relay - copy bytes one way without waiting for either side. */
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

struct relay {
	int from, to;  /* borrowed */
	bool is_ended; /* nothing more will come */
	size_t size, used;
	char bytes[8192];
};

/* What to poll(2) for: reading while there is nothing to write, else writing. */
struct pollfd relay_poll(const struct relay *relay);

/* Do what POLL says is possible. */
void relay_move(struct relay *relay, const struct pollfd *poll);

/*
 * Copy what is there already, until nothing comes for SILENCE_MS, and for LIMIT_MS at most:
 * others may go on to write.
 */
void relay_drain(struct relay *relay, int silence_ms, int limit_ms);
