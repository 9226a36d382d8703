/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checkpoint - Task.Checkpoint. */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/api/runtime.pb-c.h"
#include "shim/api/task.pb-c.h"
#include "shim/task/methods.h"
#include "shim/task/operation.h"
#include "shim/task/options.h"

#define CHECKPOINT_MS 1800000
#define NAMESPACES_MAX 8 /* kinds of them, namespaces(7) */

static const char *const types[] = {
	"",
	"containerd.runc.v1.CheckpointOptions",
	"containerd.linux.runc.CheckpointOptions",
};

/* What none are given for has its defaults; NULL: they are malformed. */
static Api__CheckpointOptions *options_of(const Api__CheckpointTaskRequest *request)
{
	size_t size = request->options ? request->options->value.len : 0;
	const uint8_t *bytes = request->options ? request->options->value.data : NULL;
	Api__CheckpointOptions *options = api__checkpoint_options__unpack(NULL, size, bytes);

	if (options && strcmp(options_type(request->options), types[2]) == 0) {
		char *image_path = options->work_path;

		options->work_path = options->image_path;
		options->image_path = image_path;
	}
	return options;
}

static bool is_known(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* Flags of the runtime, and what asks for them. */
static void add_flags(const Api__CheckpointOptions *options, struct args *args)
{
	/* clang-format off */
	const struct { bool is_wanted; const char *flag; } flags[] = {
		{ options->open_tcp,              "--tcp-established" },
		{ options->external_unix_sockets, "--ext-unix-sk" },
		{ options->terminal,              "--shell-job" },
		{ options->file_locks,            "--file-locks" },
		{ !options->exit,                 "--leave-running" },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (flags[i].is_wanted)
			args_add(args, "%s", flags[i].flag);
	for (size_t i = 0; i < options->n_empty_namespaces; i++) {
		args_add(args, "--empty-ns");
		args_add(args, "%s", options->empty_namespaces[i]);
	}
	if (*options->cgroups_mode) {
		args_add(args, "--manage-cgroups-mode");
		args_add(args, "%s", options->cgroups_mode);
	}
	if (*options->parent_path) {
		args_add(args, "--parent-path");
		args_add(args, "%s", options->parent_path);
	}
}

/* Where CRIU's log and statistics go. */
static char *work_path(const struct container *container, const Api__CheckpointOptions *options)
{
	if (*options->work_path)
		return xstrdup(options->work_path);
	if (*container->criu_work)
		return xstrdup(container->criu_work);
	return xprintf("%s/work/criu-work", container->bundle);
}

/* CRIU's log outlives its folder, where somebody may look for it. False: there is none. */
static bool keep_log(const struct container *container, const char *work)
{
	_cleanup_free_ char *from = xprintf("%s/dump.log", work);
	_cleanup_free_ char *to = xprintf("%s/criu-dump.log", container->bundle);
	_cleanup_close_ int in = open(from, O_RDONLY | O_CLOEXEC);
	_cleanup_close_ int out = NO_FD;
	char bytes[4096];
	ssize_t n;

	if (in < 0)
		return false;
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	while (out >= 0 && (n = read(in, bytes, sizeof(bytes))) > 0)
		if (fd_write_all(out, bytes, (size_t)n)) {
			err_clear();
			return false;
		}
	return out >= 0;
}

/* The folder that nobody asked for, with the files in it. */
static void forget_work(const struct container *container)
{
	_cleanup_free_ char *path = xprintf("%s/work/criu-work", container->bundle);
	DIR *folder = opendir(path);

	for (const struct dirent *entry; folder && (entry = readdir(folder));)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	rmdir(path);
}

static void fail(struct operation *operation, const char *work)
{
	const struct container *container = operation->process->container;
	_cleanup_buf_ struct buf text = { 0 };
	_cleanup_free_ char *log = NULL;
	int length;

	operation_error(operation, &text);
	length = (int)strcspn(buf_text(&text), "\n");
	if (keep_log(container, work))
		log = xprintf(" path= %s/criu-dump.log", container->bundle);
	forget_work(container);
	operation_fail(operation, CODE_UNKNOWN, "%.*s%s", length, buf_text(&text),
		       log ? log : "");
}

static void on_saved(struct operation *operation, int status)
{
	const struct container *container = operation->process->container;
	const Api__CheckpointTaskRequest *request = (const void *)operation->call->request;
	Api__CheckpointOptions *options = options_of(request);
	_cleanup_free_ char *work = work_path(container, options);

	api__checkpoint_options__free_unpacked(options, NULL);
	if (status) {
		fail(operation, work);
		return;
	}
	forget_work(container);
	operation_reply(operation, NULL);
}

static int run(struct operation *operation, const Api__CheckpointOptions *options)
{
	const Api__CheckpointTaskRequest *request = (const void *)operation->call->request;
	const struct container *container = operation->process->container;
	_cleanup_args_ struct args args = { 0 };
	_cleanup_free_ char *work = work_path(container, options);
	struct command command = { args.words, { COMMAND_NULL, COMMAND_SAID, COMMAND_SAID } };
	pid_t pid;

	runtime_args(&container->runtime, "checkpoint", &args);
	args_add(&args, "--image-path");
	args_add(&args, "%s", *options->image_path ? options->image_path : request->path);
	args_add(&args, "--work-path");
	args_add(&args, "%s", work);
	add_flags(options, &args);
	args_add(&args, "%s", container->id);
	pid = operation_fork(operation, CHECKPOINT_MS, on_saved);
	if (pid == 0) {
		if (runtime_use_criu(&container->runtime))
			job_fail(&operation->job);
		command_execute(&command, &operation->job);
	}
	return pid < 0 ? (int)pid : 0;
}

void method_checkpoint(struct call *call)
{
	const Api__CheckpointTaskRequest *request = (const void *)call->request;
	struct process *init = call_process(call, request->id, "");
	Api__CheckpointOptions *options;
	struct operation *operation;

	if (!init || operation_waits(init, call) ||
	    !call_allowed(call, init, ACTION_CHECKPOINT))
		return;
	if (!is_known(options_type(request->options))) {
		call_fail(call, CODE_INVALID,
			  "checkpoint options: the type \"%s\" is not known",
			  options_type(request->options));
		return;
	}
	options = options_of(request);
	if (!options || options->n_empty_namespaces > NAMESPACES_MAX) {
		call_fail(call, CODE_INVALID, "checkpoint options: %s",
			  options ? "too many namespaces" : "malformed");
		api__checkpoint_options__free_unpacked(options, NULL);
		return;
	}
	operation = operation_new(init, call);
	if (run(operation, options)) {
		call_fail_recorded(call, CODE_UNKNOWN);
		operation_end(operation);
	}
	api__checkpoint_options__free_unpacked(options, NULL);
}
