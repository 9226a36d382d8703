/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server - answer ttrpc requests; each answer may come at any time, in any order. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

#include "shim/loop/loop.h"
#include "shim/ttrpc/frame.h"

/* google.rpc.Code */
enum code {
	CODE_OK = 0,
	CODE_UNKNOWN = 2,
	CODE_INVALID = 3,
	CODE_DEADLINE = 4,
	CODE_NOT_FOUND = 5,
	CODE_EXISTS = 6,
	CODE_EXHAUSTED = 8,
	CODE_PRECONDITION = 9,
	CODE_UNIMPLEMENTED = 12,
	CODE_INTERNAL = 13,
	CODE_UNAVAILABLE = 14,
};

struct connection;

/* A request that waits for its answer. */
struct call {
	struct list link; /* for who keeps it; in none at first */
	struct list idle; /* see call_is_idle() */
	struct connection *connection;
	uint32_t stream;
	int64_t timeout_ms;    /* how long the client waits; 0: for ever */
	struct timer deadline; /* for who keeps it */
	const struct method *method;
	ProtobufCMessage *request; /* of the method's type */
};

struct method {
	const char *name;
	const ProtobufCMessageDescriptor *request;
	void (*run)(struct call *call); /* answers it, now or later */
};

/* Methods by name, ended by a row without one. */
struct service {
	const char *name;
	const struct method *methods;
};

struct server {
	struct loop *loop;
	struct watch listener;
	struct timer again;             /* it listens again: there was no descriptor left */
	const struct service *services; /* ended by a row without a name */
	struct list connections;
	unsigned calls;                       /* that wait for their answers */
	void (*met)(struct server *server);   /* there is a first connection; may be NULL */
	void (*alone)(struct server *server); /* the last connection has ended; may be NULL */
};

/* LISTENER is a listening socket, which the server owns from then on. */
int server_init(struct server *server, struct loop *loop, int listener,
		const struct service *services);
void server_release(struct server *server);

/* The server that got CALL. */
struct server *call_server(const struct call *call);

/* Nothing is being done for CALL: when its client goes away it is freed, and nobody is told. */
void call_is_idle(struct call *call);

/* Each of these frees CALL. REPLY may be NULL for an empty answer. */
void call_reply(struct call *call, const ProtobufCMessage *reply);
void call_fail(struct call *call, enum code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* With what the error record says, which is cleared. */
void call_fail_recorded(struct call *call, enum code code);
