/* SPDX-License-Identifier: GPL-2.0-or-later */
/* deadline - waits that end. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A moment of CLOCK_MONOTONIC in milliseconds. */
struct deadline {
	int64_t at; /* 0: it has passed, -1: it never comes; for both nobody looks at the clock */
	int nap;    /* how long the next deadline_nap() takes */
};

/* TIMEOUT_MS from now; a negative one never comes. */
struct deadline deadline_in(int timeout_ms);

/* Milliseconds left as poll(2) takes them: 0 when it has passed, -1 when it never comes. */
int deadline_left(const struct deadline *deadline);

/*
 * Sleep a little, each time longer, from 1 to 50 ms, but not past the deadline.
 * Returns false, without a sleep, when it has passed.
 */
bool deadline_nap(struct deadline *deadline);
