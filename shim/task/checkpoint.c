/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checkpoint - Task.Checkpoint. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/api/runtime.pb-c.h"
#include "shim/api/task.pb-c.h"
#include "shim/task/methods.h"
#include "shim/task/operation.h"

#define CHECKPOINT_MS 1800000

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
	for (size_t i = 0; i < options->n_empty_namespaces && i < 8; i++) {
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

/* CRIU's log outlives its folder, where somebody may look for it. */
static void keep_log(const struct container *container)
{
	_cleanup_free_ char *from = xprintf("%s/work/criu-work/dump.log", container->bundle);
	_cleanup_free_ char *to = xprintf("%s/criu-dump.log", container->bundle);

	if (rename(from, to) == 0)
		return;
	_cleanup_close_ int in = open(from, O_RDONLY | O_CLOEXEC);
	_cleanup_close_ int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	char bytes[4096];
	ssize_t n;

	while (in >= 0 && out >= 0 && (n = read(in, bytes, sizeof(bytes))) > 0)
		if (fd_write_all(out, bytes, (size_t)n)) {
			err_clear();
			return;
		}
}

static void on_saved(struct operation *operation, int status)
{
	const struct container *container = operation->process->container;
	_cleanup_buf_ struct buf text = { 0 };

	if (!status) {
		operation_reply(operation, NULL);
		return;
	}
	keep_log(container);
	operation_error(operation, &text);
	if (text.text)
		text.text[strcspn(text.text, "\n")] = '\0';
	operation_fail(operation, CODE_UNKNOWN, "%s path= %s/criu-dump.log", buf_text(&text),
		       container->bundle);
}

static int run(struct operation *operation, const Api__CheckpointOptions *options)
{
	const Api__CheckpointTaskRequest *request = (const void *)operation->call->request;
	const struct container *container = operation->process->container;
	_cleanup_args_ struct args args = { 0 };
	struct command command = { args.words, { COMMAND_NULL, COMMAND_SAID, COMMAND_SAID } };

	runtime_args(&container->runtime, "checkpoint", &args);
	args_add(&args, "--image-path");
	args_add(&args, "%s", *options->image_path ? options->image_path : request->path);
	args_add(&args, "--work-path");
	if (*options->work_path)
		args_add(&args, "%s", options->work_path);
	else
		args_add(&args, "%s/work/criu-work", container->bundle);
	add_flags(options, &args);
	args_add(&args, "%s", container->id);
	return operation_run(operation, &command, CHECKPOINT_MS, on_saved);
}

void method_checkpoint(struct call *call)
{
	const Api__CheckpointTaskRequest *request = (const void *)call->request;
	struct process *init = call_process(call, request->id, "");
	Api__CheckpointOptions *options;
	struct operation *operation;
	size_t size = request->options ? request->options->value.len : 0;
	const uint8_t *bytes = request->options ? request->options->value.data : NULL;

	if (!init || operation_waits(init, call) ||
	    !call_allowed(call, init, ACTION_CHECKPOINT))
		return;
	options = api__checkpoint_options__unpack(NULL, size, bytes);
	if (!options) {
		call_fail(call, CODE_INVALID, "checkpoint options: malformed");
		return;
	}
	operation = operation_new(init, call);
	if (run(operation, options)) {
		call_fail_recorded(call, CODE_UNKNOWN);
		operation_end(operation);
	}
	api__checkpoint_options__free_unpacked(options, NULL);
}
