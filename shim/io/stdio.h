/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdio - where a process's three streams go, from before it is there until all is written. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "shim/io/console.h"
#include "shim/io/copy.h"
#include "shim/io/logger.h"
#include "shim/io/uri.h"

/* What the client asks for. */
struct stdio_request {
	const char *paths[3]; /* of stdin, stdout, stderr: "" is /dev/null */
	bool is_terminal;
	uid_t uid; /* who owns what the container gets, so that it can open /dev/stdout */
	gid_t gid;
	const char *names[2]; /* id and namespace, for loggers */
};

struct stdio {
	struct loop *loop;
	char *paths[3]; /* as asked for */
	bool is_terminal;
	struct uri uri; /* of stdout; its scheme counts for all */
	int inside[3];  /* what the runtime gets, or NO_FD for /dev/null */
	struct copy copies[3];
	unsigned unopened; /* bits: streams whose FIFO nobody has open yet */
	struct console console;
	struct logger logger;
	int64_t until; /* the client must be there then */
	struct timer timer;
	struct settling {
		struct timer timer;
		uint64_t come;     /* bytes that were printed by then */
		uint64_t taken;    /* of these, when it was last looked */
		int64_t at, since; /* when it began; when somebody last took some */
		void (*settled)(struct stdio *stdio);
	} settling;            /* see stdio_settle() */
	bool has_closed_input; /* CloseIO came before stdin was open */
	void (*opened)(struct stdio *stdio, int result); /* see stdio_open() */
	void (*drained)(struct stdio *stdio);            /* see stdio_await() */
};

void stdio_init(struct stdio *stdio, struct loop *loop);

/*
 * Make what the runtime gets: pipes, files, a socket for the console, a logger. The names in
 * REQUEST are copied. Returns 0, or -errno with a record.
 */
int stdio_prepare(struct stdio *stdio, struct children *children,
		  const struct stdio_request *request);

/* The path of the console's socket, or NULL without a terminal. */
const char *stdio_console(const struct stdio *stdio);

/* In the child that will be the runtime: close what is neither its nor the logger's. */
void stdio_close_others(const struct stdio *stdio, const struct job *job);

/* There: wait for the logger. Returns 0, or -errno with a record. */
int stdio_await_logger(const struct stdio *stdio);

/* The runtime has what it gets: close that here. */
void stdio_given(struct stdio *stdio);

/*
 * Open the client's side, as soon as the client does, and copy. OPENED is told once: 0, or
 * -errno with a record. It may be called before this returns.
 */
void stdio_open(struct stdio *stdio, void (*opened)(struct stdio *stdio, int result));

/* No more input will come from the client. */
void stdio_close_input(struct stdio *stdio);

/* Returns 0, also without a terminal; or -errno with a record. */
int stdio_resize(struct stdio *stdio, unsigned width, unsigned height);

/* The process has ended: write what can be written now; it reads nothing any more. */
void stdio_process_ended(struct stdio *stdio);

/*
 * Tell once, perhaps before this returns, when the client has what the process printed before it
 * ended, or does not take it. Some clients read no more once they know of the end.
 */
void stdio_settle(struct stdio *stdio, void (*settled)(struct stdio *stdio));

/* All that was written has been passed on. */
bool stdio_is_drained(const struct stdio *stdio);

/* Tell once, when it is drained or after MS milliseconds. Not before this returns. */
void stdio_await(struct stdio *stdio, int64_t ms, void (*drained)(struct stdio *stdio));

/* Close everything; the paths stay until stdio_release(). */
void stdio_close(struct stdio *stdio);
void stdio_release(struct stdio *stdio);
