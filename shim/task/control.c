/* SPDX-License-Identifier: GPL-2.0-or-later */
/* control - Task.Kill, Pause, Resume, Update and Pids: mostly the runtime's work. */
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/api/runtime.pb-c.h"
#include "shim/api/task.pb-c.h"
#include "shim/task/exits.h"
#include "shim/task/methods.h"
#include "shim/task/notify.h"
#include "shim/task/operation.h"

#define CONTROL_MS 60000

/* Run COMMAND of the runtime on the container of OPERATION; what it says is kept. */
static int run(struct operation *operation, const char *command, const char *flag,
	       void (*then)(struct operation *operation, int status))
{
	const struct container *container = operation->process->container;
	_cleanup_args_ struct args args = { 0 };
	struct command run = { args.words, { COMMAND_NULL, COMMAND_SAID, COMMAND_SAID } };

	runtime_args(&container->runtime, command, &args);
	if (flag)
		args_add(&args, "%s", flag);
	args_add(&args, "%s", container->id);
	return operation_run(operation, &run, CONTROL_MS, then);
}

static void fail_recorded(struct operation *operation)
{
	call_fail_recorded(operation->call, CODE_UNKNOWN);
	operation_end(operation);
}

static void fail_said(struct operation *operation, const char *what)
{
	_cleanup_buf_ struct buf text = { 0 };

	operation_error(operation, &text);
	operation_fail(operation, CODE_UNKNOWN, "%s: %s", what, buf_text(&text));
}

/* ---- Kill ---- */

/* clang-format off */
struct kill_answer {
	const char *said; /* part of what the runtime says, in small letters */
	const char *answer;
};

static const struct kill_answer kill_answers[] = {
	{ "process already finished", "process already finished: not found" },
	{ "container not running",    "process already finished: not found" },
	{ "no such process",          "process already finished: not found" },
	{ "does not exist",           "no such container: not found" },
	{ 0 },
};
/* clang-format on */

static void on_killed(struct operation *operation, int status)
{
	_cleanup_buf_ struct buf text = { 0 };
	const struct kill_answer *answer = kill_answers;

	if (!status) {
		operation_reply(operation, NULL);
		return;
	}
	operation_error(operation, &text);
	while (answer->said && !strcasestr(buf_text(&text), answer->said))
		answer++;
	if (answer->said)
		operation_fail(operation, CODE_NOT_FOUND, "%s", answer->answer);
	else
		operation_fail(operation, CODE_UNKNOWN, "unknown error after kill: %s",
			       buf_text(&text));
}

static void kill_init(struct process *init, struct call *call)
{
	const Api__KillRequest *request = (const void *)call->request;
	const struct container *container = init->container;
	_cleanup_args_ struct args args = { 0 };
	struct command run_kill = { args.words, { COMMAND_NULL, COMMAND_SAID, COMMAND_SAID } };
	struct operation *operation = operation_new(init, call);

	runtime_args(&container->runtime, "kill", &args);
	if (request->all)
		args_add(&args, "--all");
	args_add(&args, "%s", container->id);
	args_add(&args, "%u", request->signal);
	if (operation_run(operation, &run_kill, CONTROL_MS, on_killed))
		fail_recorded(operation);
}

static void kill_exec(const struct process *exec, struct call *call)
{
	const Api__KillRequest *request = (const void *)call->request;
	bool is_running = exec->state == STATE_RUNNING && !exec->held.is_set;

	if (exec->state == STATE_CREATED)
		call_fail(call, CODE_PRECONDITION, "process not created: failed precondition");
	else if (is_running && kill(exec->pid, (int)request->signal) == 0)
		call_reply(call, NULL);
	else if (!is_running || errno == ESRCH)
		call_fail(call, CODE_NOT_FOUND, "process already finished: not found");
	else
		call_fail(call, CODE_UNKNOWN, "exec kill error: %s", err_name(errno));
}

void method_kill(struct call *call)
{
	const Api__KillRequest *request = (const void *)call->request;
	struct process *process = call_process(call, request->id, request->exec_id);

	if (!process || operation_waits(process, call))
		return;
	if (process->exec_id)
		kill_exec(process, call);
	else if (process->state == STATE_RESTORABLE ||
		 (exits_is_dead(process->container) && !request->all))
		call_fail(call, CODE_NOT_FOUND, "process already finished: not found");
	else if (call_allowed(call, process, ACTION_KILL))
		kill_init(process, call);
}

/* ---- Pause and Resume ---- */

static void on_paused(struct operation *operation, int status)
{
	struct process *init = operation->process;

	init->is_pausing = false;
	if (status) {
		fail_said(operation, "OCI runtime pause failed");
		return;
	}
	init->state = state_after(init->state, EVENT_PAUSED);
	notify_paused(init->container);
	operation_reply(operation, NULL);
}

void method_pause(struct call *call)
{
	const Api__PauseRequest *request = (const void *)call->request;
	struct process *init = call_process(call, request->id, "");
	struct operation *operation;

	if (!init || operation_waits(init, call) || !call_allowed(call, init, ACTION_PAUSE))
		return;
	operation = operation_new(init, call);
	init->is_pausing = true;
	if (run(operation, "pause", NULL, on_paused)) {
		init->is_pausing = false;
		fail_recorded(operation);
	}
}

static void on_resumed(struct operation *operation, int status)
{
	struct process *init = operation->process;

	if (status) {
		fail_said(operation, "OCI runtime resume failed");
		return;
	}
	init->state = state_after(init->state, EVENT_RESUMED);
	notify_resumed(init->container);
	operation_reply(operation, NULL);
}

void method_resume(struct call *call)
{
	const Api__ResumeRequest *request = (const void *)call->request;
	struct process *init = call_process(call, request->id, "");
	struct operation *operation;

	if (!init || operation_waits(init, call) || !call_allowed(call, init, ACTION_RESUME))
		return;
	operation = operation_new(init, call);
	if (run(operation, "resume", NULL, on_resumed))
		fail_recorded(operation);
}

/* ---- Update ---- */

static void on_updated(struct operation *operation, int status)
{
	if (status)
		fail_said(operation, "OCI runtime update failed");
	else
		operation_reply(operation, NULL);
}

/* A file in memory with the resources, to be read from its start. */
static int resources_file(const Api__UpdateTaskRequest *request)
{
	int fd;

	if (!request->resources)
		return err_refuse("there are no resources to update");
	fd = memfd_create("resources", MFD_CLOEXEC);
	if (fd < 0)
		return err_sys(errno, "memfd_create");
	if (fd_write_all(fd, request->resources->value.data, request->resources->value.len) ||
	    lseek(fd, 0, SEEK_SET) < 0) {
		fd_close(fd);
		return err_code();
	}
	return fd;
}

static int run_update(struct operation *operation)
{
	const struct container *container = operation->process->container;
	_cleanup_close_ int resources = resources_file((const void *)operation->call->request);
	_cleanup_args_ struct args args = { 0 };
	struct command command = { args.words, { resources, COMMAND_SAID, COMMAND_SAID } };

	if (resources < 0)
		return resources;
	runtime_args(&container->runtime, "update", &args);
	args_add(&args, "--resources");
	args_add(&args, "-");
	args_add(&args, "%s", container->id);
	return operation_run(operation, &command, CONTROL_MS, on_updated);
}

void method_update(struct call *call)
{
	const Api__UpdateTaskRequest *request = (const void *)call->request;
	struct process *init = call_process(call, request->id, "");
	struct operation *operation;

	if (!init || operation_waits(init, call) || !call_allowed(call, init, ACTION_UPDATE))
		return;
	operation = operation_new(init, call);
	if (run_update(operation))
		fail_recorded(operation);
}

/* ---- Pids ---- */

/* Waits for nobody, so it is no operation on a process. */
struct question {
	struct job job;
	struct call *call;
	char *id;
	size_t log_mark; /* where the runtime's log began */
};

static void add_pid(Api__PidsResponse *reply, const struct container *container, uint32_t pid)
{
	Api__ProcessInfo *info = xcalloc(1, sizeof(*info));

	api__process_info__init(info);
	info->pid = pid;
	reply->processes =
		xreallocarray(reply->processes, reply->n_processes + 1, sizeof(void *));
	reply->processes[reply->n_processes++] = info;
	list_each(cursor, rest, &container->execs)
	{
		struct process *exec = owner_of(cursor, struct process, link);
		Api__ProcessDetails details = API__PROCESS_DETAILS__INIT;

		if (exec->state != STATE_RUNNING || (uint32_t)exec->pid != pid)
			continue;
		details.exec_id = exec->exec_id;
		info->info = xcalloc(1, sizeof(*info->info));
		api__any__init(info->info);
		info->info->type_url = xstrdup("containerd.runc.v1.ProcessDetails");
		info->info->value.len = api__process_details__get_packed_size(&details);
		info->info->value.data = xcalloc(1, info->info->value.len);
		api__process_details__pack(&details, info->info->value.data);
	}
}

static void free_pids(Api__PidsResponse *reply)
{
	for (size_t i = 0; i < reply->n_processes; i++)
		api__process_info__free_unpacked(reply->processes[i], NULL);
	free(reply->processes);
}

/* "[1,2,3]", or "null" of a container that has ended. */
static void add_pids(Api__PidsResponse *reply, const struct container *container,
		     const char *text)
{
	while (*text) {
		if (isdigit((unsigned char)*text))
			add_pid(reply, container, (uint32_t)strtoul(text, (char **)&text, 10));
		else
			text++;
	}
}

/* SAID is what the runtime printed, or why it could not be run. */
static void fail_to_answer(const struct question *question, const struct container *container,
			   const char *said)
{
	_cleanup_buf_ struct buf text = { 0 };

	if (!runtime_log_error(&container->runtime, question->log_mark, &text))
		buf_printf(&text, "%s", *said ? said : "unable to retrieve OCI runtime error");
	call_fail(question->call, CODE_UNKNOWN, "OCI runtime ps failed: %s", buf_text(&text));
}

/*
 * What has ended and is not deleted answers with the pid that it had: of a shim without any, a
 * containerd that was restarted thinks that it was left over, and the exit status is lost.
 */
static void answer(const struct question *question, int status)
{
	struct container *container = container_find(shim_of(question->call), question->id);
	Api__PidsResponse reply = API__PIDS_RESPONSE__INIT;
	size_t size = job_size(&question->job) + 1;
	_cleanup_free_ char *text = xcalloc(1, size);

	job_read(&question->job, text, size);
	if (!container) {
		call_fail_gone(question->call);
		return;
	}
	if (status && !exits_is_dead(container)) {
		fail_to_answer(question, container, text);
		return;
	}
	if (!status)
		add_pids(&reply, container, text);
	if (reply.n_processes == 0 && container->init.pid > 0)
		add_pid(&reply, container, (uint32_t)container->init.pid);
	call_reply(question->call, &reply.base);
	free_pids(&reply);
}

static void on_answered(struct job *job, int status)
{
	struct question *question = owner_of(job, struct question, job);

	answer(question, status);
	job_release(job);
	free(question->id);
	free(question);
}

void method_pids(struct call *call)
{
	const Api__PidsRequest *request = (const void *)call->request;
	struct process *init = call_process(call, request->id, "");
	_cleanup_args_ struct args args = { 0 };
	struct command command = { args.words, { COMMAND_NULL, COMMAND_SAID, COMMAND_NULL } };
	struct question *question;

	if (!init)
		return;
	question = xcalloc(1, sizeof(*question));
	question->job = JOB_NONE;
	question->job.ended = on_answered;
	question->call = call;
	question->id = xstrdup(request->id);
	question->log_mark = runtime_log_size(&init->container->runtime);
	runtime_args(&init->container->runtime, "ps", &args);
	args_add(&args, "--format");
	args_add(&args, "json");
	args_add(&args, "%s", request->id);
	if (children_run(&shim_of(call)->children, &question->job, &command, CONTROL_MS)) {
		call_fail_recorded(call, CODE_UNKNOWN);
		free(question->id);
		free(question);
	}
}
