/* SPDX-License-Identifier: GPL-2.0-or-later */
/* delete - Task.Delete: when all that was written has been passed on, nothing is left. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "shim/api/task.pb-c.h"
#include "shim/task/exits.h"
#include "shim/task/methods.h"
#include "shim/task/mounts.h"
#include "shim/task/notify.h"
#include "shim/task/operation.h"

enum {
	DRAIN_MS = 10000,
	DELETE_MS = 120000,
};

static void reply(struct call *call, const struct process *process)
{
	Api__DeleteResponse message = API__DELETE_RESPONSE__INIT;
	Api__Timestamp time;

	message.pid = (uint32_t)process->pid;
	message.exit_status = process->ending.status;
	message.exited_at = exits_time(&process->ending, &time);
	call_reply(call, &message.base);
}

/* ---- an exec ---- */

static void delete_exec(struct operation *operation)
{
	struct process *exec = operation->process;
	_cleanup_free_ char *pid_file = process_pid_file(exec);
	_cleanup_free_ char *document =
		xprintf("%s/%s.process.json", exec->container->bundle, exec->exec_id);

	unlink(pid_file);
	unlink(document);
	reply(operation->call, exec);
	operation_free(operation);
	exec_free(exec);
}

/* ---- init ---- */

static void finish(struct operation *operation)
{
	struct process *init = operation->process;
	struct container *container = init->container;

	options_forget(container->bundle);
	init->state = state_after(init->state, EVENT_DELETED);
	notify_delete(container);
	reply(operation->call, init);
	operation_free(operation);
	container_free(container);
}

/* It stays as it was: the client may try again. */
static void fail(struct operation *operation)
{
	_cleanup_buf_ struct buf text = { 0 };

	if (err_last()->code) {
		char recorded[ERR_TEXT_MAX + 128];

		err_text(err_last(), recorded, sizeof(recorded));
		err_clear();
		buf_printf(&text, "%s", recorded);
	} else {
		operation_error(operation, &text);
	}
	operation_fail(operation, CODE_UNKNOWN, "failed to delete the task: %s",
		       buf_text(&text));
}

static void on_unmounted(struct operation *operation, int status)
{
	if (status)
		fail(operation);
	else
		finish(operation);
}

static void unmount(struct operation *operation)
{
	const struct container *container = operation->process->container;
	_cleanup_free_ char *rootfs = xprintf("%s/rootfs", container->bundle);
	pid_t pid;

	if (!container->has_rootfs) {
		finish(operation);
		return;
	}
	pid = operation_fork(operation, DELETE_MS, on_unmounted);
	if (pid == 0) {
		job_close_others(&operation->job, NULL, 0);
		if (mounts_undo(rootfs))
			job_fail(&operation->job);
		_exit(0);
	}
	if (pid < 0)
		fail(operation);
}

/* What somebody else has deleted is gone as well. */
static void on_deleted(struct operation *operation, int status)
{
	_cleanup_buf_ struct buf text = { 0 };

	if (status)
		operation_error(operation, &text);
	if (status && !strstr(buf_text(&text), "does not exist")) {
		operation_fail(operation, CODE_UNKNOWN, "failed to delete task: %s",
			       buf_text(&text));
		return;
	}
	unmount(operation);
}

static void run_delete(struct operation *operation)
{
	const struct process *init = operation->process;
	const struct container *container = init->container;
	_cleanup_args_ struct args args = { 0 };
	struct command command = { args.words, { COMMAND_NULL, COMMAND_SAID, COMMAND_SAID } };

	/* What could not be restored may have left something. */
	runtime_args(&container->runtime, "delete", &args);
	if (init->state == STATE_CREATED || init->state == STATE_RESTORABLE)
		args_add(&args, "--force");
	args_add(&args, "%s", container->id);
	if (operation_run(operation, &command, DELETE_MS, on_deleted))
		fail(operation);
}

/* ---- both ---- */

static void on_drained(struct stdio *stdio)
{
	struct process *process = owner_of(stdio, struct process, stdio);
	struct operation *operation = process->operation;

	stdio_close(stdio);
	if (process->exec_id)
		delete_exec(operation);
	else
		run_delete(operation);
}

void method_delete(struct call *call)
{
	const Api__DeleteRequest *request = (const void *)call->request;
	struct process *process = call_process(call, request->id, request->exec_id);

	if (!process || operation_waits(process, call) ||
	    !call_allowed(call, process, ACTION_DELETE))
		return;
	operation_new(process, call);
	stdio_await(&process->stdio, process->ending.is_set ? DRAIN_MS : 0, on_drained);
}
