/* SPDX-License-Identifier: GPL-2.0-or-later */
/* copy - move bytes from one descriptor to another as they come. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shim/loop/loop.h"

/*
 * One direction of one stream. Neither descriptor blocks; both are the copy's own. When the
 * reader at the far end does not read, only this copy waits.
 */
struct copy {
	struct loop *loop;
	struct watch from, to; /* fd: NO_FD when there is none */
	int keep;          /* the other side of a FIFO, so that it never has none; or NO_FD */
	bool is_input;     /* FROM stays open when TO has no reader any more */
	bool is_terminal;  /* EIO of FROM is no end while somebody may open it again... */
	bool is_last_call; /* ... but now it is, as nobody will */
	bool is_read;      /* splice(2) does not know these two: read and write */
	char *rest;        /* what was read and could not be written yet */
	size_t rest_at, rest_size;
	uint64_t moved;     /* bytes that went into TO */
	uint64_t lost;      /* that TO had no room for, and nobody was told of */
	struct timer retry; /* for a terminal that nobody has open now, or a file */
	void (*ended)(struct copy *copy); /* FROM is at its end and all of it is in TO */
};

/* Nothing yet. */
void copy_init(struct copy *copy, struct loop *loop, void (*ended)(struct copy *copy));

/* Go: FROM, TO and KEEP are set. Returns 0, or -errno with a record. */
int copy_begin(struct copy *copy);

/* The process has ended: a terminal without users is at its end. */
void copy_last_call(struct copy *copy);

/* How many bytes of all that have come so far the client has: what waits in its FIFO it has not. */
uint64_t copy_taken(const struct copy *copy);

/* How many there are of these: taken, or on the way. */
uint64_t copy_come(const struct copy *copy);

/* False before it has begun and after its end. */
bool copy_is_open(const struct copy *copy);

/* Close everything, KEEP as well; ENDED is not called. */
void copy_close(struct copy *copy);
