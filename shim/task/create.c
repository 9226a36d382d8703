/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create - Task.Create: root file system, streams, the runtime's create; or its failure. */
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "shim/api/task.pb-c.h"
#include "shim/loop/note.h"
#include "shim/task/document.h"
#include "shim/task/exits.h"
#include "shim/task/making.h"
#include "shim/task/methods.h"
#include "shim/task/mounts.h"
#include "shim/task/notify.h"
#include "shim/task/operation.h"
#include "shim/task/teardown.h"

enum {
	CREATE_MS = 600000,
	UNDO_MS = 120000,
};

static const Api__CreateTaskRequest *request_of(const struct operation *operation)
{
	return (const void *)operation->call->request;
}

/* ---- its failure ---- */

static void on_undone(struct operation *operation, int status)
{
	struct container *container = operation->process->container;
	char said[1024];

	job_read(&operation->job, said, sizeof(said));
	if (status)
		note_warning("%s: %s", container->id, said);
	options_forget(container->bundle);
	call_fail(operation->call, CODE_UNKNOWN, "%s", operation->failure);
	exits_not_made(container->shim);
	operation_free(operation);
	container_free(container);
}

/* Nothing of it stays: neither what the runtime made nor what was mounted. */
static void undo(struct operation *operation, const char *failure)
{
	struct container *container = operation->process->container;
	_cleanup_free_ char *rootfs = xprintf("%s/rootfs", container->bundle);
	pid_t pid;

	operation->failure = xstrdup(failure);
	stdio_close(&container->init.stdio);
	pid = operation_fork(operation, UNDO_MS, on_undone);
	if (pid == 0) {
		job_close_others(&operation->job, NULL, 0);
		if (teardown(&container->runtime, container->id,
			     container->has_rootfs ? rootfs : NULL))
			job_fail(&operation->job);
		_exit(0);
	}
	if (pid < 0) {
		err_clear();
		on_undone(operation, 0);
	}
}

static void undo_recorded(struct operation *operation)
{
	char text[ERR_TEXT_MAX + 128];

	err_text(err_last(), text, sizeof(text));
	err_clear();
	undo(operation, text);
}

/* ---- its success ---- */

static void finish(struct operation *operation)
{
	struct container *container = operation->process->container;
	Api__CreateTaskResponse reply = API__CREATE_TASK_RESPONSE__INIT;

	container->is_created = true;
	notify_create(container, request_of(operation));
	reply.pid = (uint32_t)container->init.pid;
	operation_reply(operation, &reply.base);
}

static void on_opened(struct stdio *stdio, int result)
{
	struct process *init = owner_of(stdio, struct process, stdio);
	struct operation *operation = init->operation;

	if (result)
		undo_recorded(operation);
	else
		finish(operation);
}

static void on_created(struct operation *operation, int status)
{
	struct process *init = operation->process;
	struct container *container = init->container;
	_cleanup_buf_ struct buf text = { 0 }, said = { 0 };

	if (status) {
		operation_error(operation, &said);
		buf_printf(&text, "OCI runtime create failed: %s", buf_text(&said));
		undo(operation, buf_text(&text));
		return;
	}
	if (making_read_pid(init)) {
		undo_recorded(operation);
		return;
	}
	making_find_cgroup(container);
	exits_adopt(container->shim, init);
	stdio_open(&init->stdio, on_opened);
}

/* ---- the way there ---- */

/* What the child does before it is the runtime; what may block does so there. */
static void prepare_child(struct operation *operation)
{
	const Api__CreateTaskRequest *request = request_of(operation);
	struct container *container = operation->process->container;
	_cleanup_free_ char *rootfs = xprintf("%s/rootfs", container->bundle);

	stdio_close_others(&container->init.stdio, &operation->job);
	if (mounts_apply(request->rootfs, request->n_rootfs, rootfs) ||
	    stdio_await_logger(&container->init.stdio))
		job_fail(&operation->job);
}

static void run(struct operation *operation)
{
	struct process *init = operation->process;
	struct container *container = init->container;
	_cleanup_args_ struct args args = { 0 };
	struct command command;
	pid_t pid;

	runtime_args(&container->runtime, "create", &args);
	args_add(&args, "--bundle");
	args_add(&args, "%s", container->bundle);
	making_args(init, &args);
	args_add(&args, "%s", container->id);
	making_command(init, &args, &command);
	pid = operation_fork(operation, CREATE_MS, on_created);
	if (pid == 0) {
		prepare_child(operation);
		command_execute(&command, &operation->job);
	}
	stdio_given(&init->stdio);
	if (pid < 0)
		undo_recorded(operation);
}

static void on_mounted(struct operation *operation, int status)
{
	_cleanup_buf_ struct buf said = { 0 };

	if (status) {
		operation_error(operation, &said);
		undo(operation, buf_text(&said));
		return;
	}
	finish(operation);
}

/* A checkpoint is restored by Start: until then there is no process. */
static void mount_only(struct operation *operation)
{
	pid_t pid;

	operation->process->state = STATE_RESTORABLE;
	pid = operation_fork(operation, CREATE_MS, on_mounted);
	if (pid == 0) {
		prepare_child(operation);
		_exit(0);
	}
	if (pid < 0)
		undo_recorded(operation);
}

/* containerd itself asks for the option's images, but only of runtimes that it knows. */
static void find_checkpoint(struct container *container, const Api__CreateTaskRequest *request,
			    const struct options *options)
{
	const char *path =
		*request->checkpoint ? request->checkpoint : options->criu_image_path;

	if (*path)
		container->checkpoint = xstrdup(path);
	container->criu_work = xstrdup(options->criu_work_path);
}

static void set_up(struct container *container, const struct options *options)
{
	struct document document;

	document_read(container->bundle, &document);
	container->has_own_pids = document.has_own_pids;
	container->uid = options->uid;
	container->gid = options->gid;
	container->has_no_pivot = options->has_no_pivot;
	container->has_no_keyring = options->has_no_keyring;
	runtime_init(&container->runtime, options, container->shim->namespace,
		     container->bundle, document.is_systemd);
	document_release(&document);
}

static int prepare(struct container *container, const Api__CreateTaskRequest *request)
{
	struct stdio_request streams = {
		.paths = { request->stdin_path, request->stdout_path, request->stderr_path },
		.is_terminal = request->terminal,
		.uid = container->uid,
		.gid = container->gid,
		.names = { container->id, container->shim->namespace },
	};

	container->has_rootfs = request->n_rootfs > 0;
	return stdio_prepare(&container->init.stdio, &container->shim->children, &streams);
}

/* A name that is one file in a folder. */
static bool is_name(const char *id)
{
	return *id && !strchr(id, '/') && strcmp(id, ".") != 0 && strcmp(id, "..") != 0;
}

static struct container *make(struct call *call, const struct options *options)
{
	const Api__CreateTaskRequest *request = (const void *)call->request;
	struct container *container =
		container_new(shim_of(call), request->id, request->bundle);

	if (!container) {
		call_fail(call, CODE_EXISTS, "container %s: already exists", request->id);
		return NULL;
	}
	set_up(container, options);
	find_checkpoint(container, request, options);
	if (options_save(options, request->bundle)) {
		call_fail_recorded(call, CODE_UNKNOWN);
		container_free(container);
		return NULL;
	}
	return container;
}

void method_create(struct call *call)
{
	const Api__CreateTaskRequest *request = (const void *)call->request;
	struct container *container;
	struct operation *operation;
	struct options options;

	if (shim_of(call)->is_leaving) {
		call_fail(call, CODE_UNAVAILABLE, "the shim is shutting down");
		return;
	}
	if (!is_name(request->id) || request->bundle[0] != '/') {
		call_fail(call, CODE_INVALID,
			  "an id and an absolute path of a bundle are needed");
		return;
	}
	if (options_read(request->options, &options)) {
		call_fail_recorded(call, CODE_INVALID);
		return;
	}
	container = make(call, &options);
	options_release(&options);
	if (!container)
		return;
	operation = operation_new_process(&container->init, call);
	if (prepare(container, request))
		undo_recorded(operation);
	else if (container->checkpoint)
		mount_only(operation);
	else
		run(operation);
}
