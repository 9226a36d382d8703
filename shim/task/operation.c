/* SPDX-License-Identifier: GPL-2.0-or-later */
/* operation - one thing that is being done to a process; the next one waits for its end. */
#include "shim/task/operation.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/mem.h"
#include "shim/task/exits.h"

bool operation_waits(struct process *process, struct call *call)
{
	if (!process->operation)
		return false;
	list_add(&process->queue, &call->link);
	return true;
}

struct operation *operation_new(struct process *process, struct call *call)
{
	struct operation *operation = xcalloc(1, sizeof(*operation));

	operation->job = JOB_NONE;
	operation->process = process;
	operation->call = call;
	process->operation = operation;
	return operation;
}

struct operation *operation_new_process(struct process *process, struct call *call)
{
	struct operation *operation = operation_new(process, call);

	operation->makes_process = true;
	process->container->shim->making++;
	return operation;
}

static void on_end(struct job *job, int status)
{
	struct operation *operation = owner_of(job, struct operation, job);

	operation->then(operation, status);
}

pid_t operation_fork(struct operation *operation, int64_t ms,
		     void (*then)(struct operation *operation, int status))
{
	struct container *container = operation->process->container;

	job_release(&operation->job); /* of the step before */
	operation->then = then;
	operation->job.ended = on_end;
	operation->log_mark = runtime_log_size(&container->runtime);
	return children_fork(&container->shim->children, &operation->job, ms);
}

int operation_run(struct operation *operation, const struct command *command, int64_t ms,
		  void (*then)(struct operation *operation, int status))
{
	pid_t pid = operation_fork(operation, ms, then);

	if (pid == 0)
		command_execute(command, &operation->job);
	return pid < 0 ? (int)pid : 0;
}

void operation_error(const struct operation *operation, struct buf *text)
{
	char said[4096];

	if (runtime_log_error(&operation->process->container->runtime, operation->log_mark,
			      text))
		return;
	job_read(&operation->job, said, sizeof(said));
	buf_printf(text, "%s", *said ? said : "unable to retrieve OCI runtime error");
}

void operation_free(struct operation *operation)
{
	operation->process->operation = NULL;
	job_release(&operation->job);
	free(operation->failure);
	free(operation);
}

/* A call that is over at once leaves the next one in the queue to us. */
void operation_end(struct operation *operation)
{
	struct process *process = operation->process;
	bool makes_process = operation->makes_process;

	operation_free(operation);
	if (makes_process)
		exits_made(process->container->shim, process);
	while (!process->operation && !list_is_empty(&process->queue)) {
		struct call *next = owner_of(process->queue.next, struct call, link);

		list_remove(&next->link);
		next->method->run(next);
	}
}

void operation_reply(struct operation *operation, const ProtobufCMessage *reply)
{
	call_reply(operation->call, reply);
	operation_end(operation);
}

void operation_fail(struct operation *operation, enum code code, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX + 128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	call_fail(operation->call, code, "%s", text);
	operation_end(operation);
}
