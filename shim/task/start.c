/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start - Task.Exec and Task.Start: of what was created, what is restored, what is added. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "libocispec/encode.h"
#include "libocispec/spec.h"
#include "shim/api/task.pb-c.h"
#include "shim/task/exits.h"
#include "shim/task/making.h"
#include "shim/task/methods.h"
#include "shim/task/notify.h"
#include "shim/task/operation.h"

#define START_MS 600000

/* ---- Exec: the document of a process, until it is started ---- */

static char *document_path(const struct process *exec)
{
	return xprintf("%s/%s.process.json", exec->container->bundle, exec->exec_id);
}

static int write_document(const struct process *exec, const struct oci_text *text)
{
	_cleanup_free_ char *path = document_path(exec);
	_cleanup_close_ int fd =
		fd_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return fd;
	return fd_write_all(fd, text->bytes, text->size);
}

/* What the request says of the terminal counts, not what the document says. */
static int keep_document(const struct process *exec, const Api__ExecProcessRequest *request)
{
	struct oci_document document = { 0 };
	struct oci_text text = { 0 };
	struct oci_process spec = { 0 };
	struct arena arena = { 0 };
	struct oci_error error;
	int r;

	if (!request->spec)
		return err_refuse("the process has no spec");
	document.name = "spec";
	document.bytes = (const char *)request->spec->value.data;
	document.size = request->spec->value.len;
	if (oci_decode_process(&document, &arena, &spec, &error) < 0) {
		arena_free(&arena);
		return err_refuse("%s", error.text);
	}
	spec.terminal = (struct oci_bool){ true, request->terminal };
	oci_encode(&oci_process_type, &spec, NULL, &text);
	arena_free(&arena);
	r = write_document(exec, &text);
	oci_text_release(&text);
	return r;
}

static bool is_name(const char *id)
{
	return !strchr(id, '/') && id[0] != '.';
}

static void keep_paths(struct process *exec, const Api__ExecProcessRequest *request)
{
	char *const paths[3] = { request->stdin_path, request->stdout_path,
				 request->stderr_path };

	for (int i = 0; i < 3; i++) {
		free(exec->stdio.paths[i]);
		exec->stdio.paths[i] = xstrdup(paths[i]);
	}
	exec->stdio.is_terminal = request->terminal;
}

void method_exec(struct call *call)
{
	const Api__ExecProcessRequest *request = (const void *)call->request;
	struct process *init = call_process(call, request->id, ""), *exec;

	if (!init || !call_allowed(call, init, ACTION_EXEC))
		return;
	if (!*request->exec_id || !is_name(request->exec_id)) {
		call_fail(call, CODE_INVALID, "an id of the process is needed");
		return;
	}
	/* What is told of the end of such a process would be taken for init's. */
	if (strcmp(request->exec_id, init->container->id) == 0 ||
	    process_find(init->container, request->exec_id)) {
		call_fail(call, CODE_EXISTS, "id %s: already exists", request->exec_id);
		return;
	}
	exec = exec_new(init->container, request->exec_id);
	keep_paths(exec, request);
	if (keep_document(exec, request)) {
		call_fail_recorded(call, CODE_INVALID);
		exec_free(exec);
		return;
	}
	notify_exec_added(exec);
	call_reply(call, NULL);
}

/* ---- what all starts have in common ---- */

static void started(struct operation *operation)
{
	struct process *process = operation->process;
	Api__StartResponse reply = API__START_RESPONSE__INIT;

	process->state = state_after(process->state, EVENT_STARTED);
	notify_start(process);
	reply.pid = (uint32_t)process->pid;
	operation_reply(operation, &reply.base);
}

/* Who waits for it gets an answer: it will never be there. */
static void not_started(struct operation *operation, const char *what)
{
	struct process *process = operation->process;
	_cleanup_buf_ struct buf text = { 0 };

	if (err_last()->code) {
		char recorded[ERR_TEXT_MAX + 128];

		err_text(err_last(), recorded, sizeof(recorded));
		err_clear();
		buf_printf(&text, "%s", recorded);
	} else {
		operation_error(operation, &text);
	}
	if (process->exec_id || process->state == STATE_RESTORABLE)
		stdio_close(&process->stdio);
	if (process->exec_id) {
		process->has_failed = true;
		exits_answer(process);
	}
	operation_fail(operation, CODE_UNKNOWN, "%s: %s", what, buf_text(&text));
}

/* ---- init ---- */

static void on_started(struct operation *operation, int status)
{
	if (status)
		not_started(operation, "OCI runtime start failed");
	else
		started(operation);
}

static void start_init(struct operation *operation)
{
	struct container *container = operation->process->container;
	_cleanup_args_ struct args args = { 0 };
	struct command command = { args.words, { COMMAND_NULL, COMMAND_SAID, COMMAND_SAID } };

	runtime_args(&container->runtime, "start", &args);
	args_add(&args, "%s", container->id);
	if (operation_run(operation, &command, START_MS, on_started))
		not_started(operation, "OCI runtime start failed");
}

/* ---- processes with streams of their own: execs, and what is restored ---- */

static const char *failure_of(const struct process *process)
{
	return process->exec_id ? "OCI runtime exec failed" : "OCI runtime restore failed";
}

static void on_opened(struct stdio *stdio, int result)
{
	struct process *process = owner_of(stdio, struct process, stdio);

	if (result < 0) {
		/* It runs, but nobody hears it: it is ended, and nobody is told. */
		if (!process->held.is_set)
			kill(process->pid, SIGKILL);
		process->pid = 0;
		process->held = (struct ending){ 0 };
		not_started(process->operation, failure_of(process));
		return;
	}
	started(process->operation);
}

static void on_executed(struct operation *operation, int status)
{
	struct process *process = operation->process;
	struct container *container = process->container;

	if (status || making_read_pid(process)) {
		not_started(operation, failure_of(process));
		return;
	}
	if (!process->exec_id)
		making_find_cgroup(container);
	exits_adopt(container->shim, process);
	stdio_open(&process->stdio, on_opened);
}

static void run_with_streams(struct operation *operation, const struct args *args)
{
	struct process *process = operation->process;
	struct command command;
	pid_t pid;

	making_command(process, args, &command);
	pid = operation_fork(operation, START_MS, on_executed);
	if (pid == 0) {
		stdio_close_others(&process->stdio, &operation->job);
		if (stdio_await_logger(&process->stdio) ||
		    runtime_use_criu(&process->container->runtime))
			job_fail(&operation->job);
		command_execute(&command, &operation->job);
	}
	stdio_given(&process->stdio);
	if (pid < 0)
		not_started(operation, failure_of(process));
}

static int prepare_streams(struct process *process)
{
	struct container *container = process->container;
	char *paths[3];
	struct stdio_request streams = {
		.is_terminal = process->stdio.is_terminal,
		.uid = container->uid,
		.gid = container->gid,
		.names = { container->id, container->shim->namespace },
	};
	int r;

	for (int i = 0; i < 3; i++)
		streams.paths[i] = paths[i] = xstrdup(process->stdio.paths[i]);
	r = stdio_prepare(&process->stdio, &container->shim->children, &streams);
	for (int i = 0; i < 3; i++)
		free(paths[i]);
	return r;
}

static void start_exec(struct operation *operation)
{
	struct process *exec = operation->process;
	struct container *container = exec->container;
	_cleanup_free_ char *document = document_path(exec);
	_cleanup_args_ struct args args = { 0 };

	if (prepare_streams(exec)) {
		not_started(operation, failure_of(exec));
		return;
	}
	runtime_args(&container->runtime, "exec", &args);
	args_add(&args, "--process");
	args_add(&args, "%s", document);
	args_add(&args, "--detach");
	making_args(exec, &args);
	args_add(&args, "%s", container->id);
	run_with_streams(operation, &args);
}

static void restore(struct operation *operation)
{
	struct process *init = operation->process;
	struct container *container = init->container;
	_cleanup_args_ struct args args = { 0 };

	runtime_args(&container->runtime, "restore", &args);
	args_add(&args, "--image-path");
	args_add(&args, "%s", container->checkpoint);
	args_add(&args, "--work-path");
	if (*container->criu_work)
		args_add(&args, "%s", container->criu_work);
	else
		args_add(&args, "%s/work", container->bundle);
	args_add(&args, "--detach");
	args_add(&args, "-no-subreaper");
	args_add(&args, "--bundle");
	args_add(&args, "%s", container->bundle);
	making_args(init, &args);
	args_add(&args, "%s", container->id);
	run_with_streams(operation, &args);
}

/* ---- Start ---- */

static bool may_start(struct call *call, struct process *process)
{
	struct container *container = process->container;

	if (!call_allowed(call, process, ACTION_START))
		return false;
	if (!exits_is_dead(container))
		return true;
	call_fail(call, CODE_PRECONDITION, "container %s init process is not running",
		  container->id);
	return false;
}

void method_start(struct call *call)
{
	const Api__StartRequest *request = (const void *)call->request;
	struct process *process = call_process(call, request->id, request->exec_id);
	struct operation *operation;

	if (!process || operation_waits(process, call) || !may_start(call, process))
		return;
	operation = operation_new_process(process, call);
	process->has_failed = false;
	if (process->exec_id)
		start_exec(operation);
	else if (process->state == STATE_RESTORABLE)
		restore(operation);
	else
		start_init(operation);
}
