/* SPDX-License-Identifier: GPL-2.0-or-later */
/* publisher - tell containerd what happens, in order, also when it is not there for a while. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

#include "shim/loop/loop.h"
#include "shim/ttrpc/frame.h"

/* So many bytes of events wait for a containerd that is not there; then the oldest are lost. */
#define PUBLISHER_BYTES_MAX (256u << 10)

struct publisher {
	struct loop *loop;
	const char *address; /* a path; "": nobody wants to know */
	const char *namespace;
	struct watch socket; /* fd: NO_FD while there is no connection */
	struct timer timer;  /* for an answer, or for the next try */
	struct frame_reader reader;
	struct frame_writer writer;
	struct list events; /* the oldest first: it is sent until it is answered */
	size_t bytes;       /* of them */
	uint32_t stream;    /* of the one that is under way */
	bool is_sent;       /* one is */
	unsigned tries;     /* that failed, since the last success */
	struct timer last;  /* see publisher_finish() */
	void (*emptied)(struct publisher *publisher);
};

/* ADDRESS and NAMESPACE are borrowed. */
void publisher_init(struct publisher *publisher, struct loop *loop, const char *address,
		    const char *namespace);
void publisher_release(struct publisher *publisher);

/* Send EVENT, which TYPE names, to all that listen to TOPIC: after all that was sent before. */
void publisher_add(struct publisher *publisher, const char *topic, const char *type,
		   const ProtobufCMessage *event);

/* Call EMPTIED once nothing waits any more, or after MS milliseconds. */
void publisher_finish(struct publisher *publisher, int64_t ms,
		      void (*emptied)(struct publisher *publisher));
