/* SPDX-License-Identifier: GPL-2.0-or-later */
/* operation - one thing that is being done to a process; the next one waits for its end. */
#pragma once

#include "shim/task/task.h"

struct operation {
	struct job job;
	struct process *process;
	struct call *call;  /* to be answered at the end */
	bool makes_process; /* the process is told of at the end, and its end not before */
	size_t log_mark;    /* how long the runtime's log was before */
	char *failure;      /* why it did not work, while it is taken back; or NULL */
	void (*then)(struct operation *operation, int status);
};

/* True when CALL has been put into the queue of PROCESS: it is run again later. */
bool operation_waits(struct process *process, struct call *call);

struct operation *operation_new(struct process *process, struct call *call);
struct operation *operation_new_process(struct process *process, struct call *call);

/*
 * Run the runtime of the container for MS milliseconds at most, then THEN with its status. On
 * -errno, with a record, THEN is not called.
 */
int operation_run(struct operation *operation, const struct command *command, int64_t ms,
		  void (*then)(struct operation *operation, int status));

/* The same in two halves, for what else the child has to do first. 0 in the child. */
pid_t operation_fork(struct operation *operation, int64_t ms,
		     void (*then)(struct operation *operation, int status));

/* What went wrong with it: the last error in the runtime's log, or what the child said. */
void operation_error(const struct operation *operation, struct buf *text);

/*
 * It is over: answer with REPLY (NULL: empty), or that it has failed with "PREFIX: what went
 * wrong". Then an end of the process that was held back is told, and the next call runs.
 */
void operation_reply(struct operation *operation, const ProtobufCMessage *reply);
void operation_fail(struct operation *operation, enum code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Over as well, when the call has been answered already. */
void operation_end(struct operation *operation);

/* Over, and PROCESS is to be freed: what waits in its queue stays there. */
void operation_free(struct operation *operation);
