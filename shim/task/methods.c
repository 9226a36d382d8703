/* SPDX-License-Identifier: GPL-2.0-or-later */
/* methods - containerd.task.v2.Task and .v3.Task: those that are answered at once, and the list. */
#include "shim/task/methods.h"

#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "shim/api/task.pb-c.h"
#include "shim/task/exits.h"
#include "shim/task/stats.h"
#include "shim/task/task.h"

static enum status status_of(const struct process *process)
{
	const struct process *init = &process->container->init;

	if (init->is_pausing && !init->ending.is_set)
		return STATUS_PAUSING;
	if (process->exec_id && init->state == STATE_PAUSED && process->state == STATE_RUNNING)
		return STATUS_PAUSED;
	return state_status(process->state);
}

static void method_state(struct call *call)
{
	const Api__StateRequest *request = (const void *)call->request;
	struct process *process = call_process(call, request->id, request->exec_id);
	Api__StateResponse reply = API__STATE_RESPONSE__INIT;
	Api__Timestamp time;

	if (!process)
		return;
	reply.id = process->exec_id ? process->exec_id : process->container->id;
	reply.bundle = process->container->bundle;
	reply.pid = (uint32_t)process->pid;
	reply.status = status_of(process);
	reply.stdin_path = process->stdio.paths[0];
	reply.stdout_path = process->stdio.paths[1];
	reply.stderr_path = process->stdio.paths[2];
	reply.terminal = process->stdio.is_terminal;
	reply.exit_status = process->ending.status;
	reply.exited_at = exits_time(&process->ending, &time);
	call_reply(call, &reply.base);
}

static void on_wait_deadline(struct timer *timer)
{
	call_fail(owner_of(timer, struct call, deadline), CODE_DEADLINE,
		  "context deadline exceeded");
}

static void method_wait(struct call *call)
{
	const Api__WaitRequest *request = (const void *)call->request;
	struct process *process = call_process(call, request->id, request->exec_id);

	if (!process)
		return;
	list_add(&process->waiters, &call->link);
	call_is_idle(call);
	if (process->ending.is_set || process->has_failed) {
		exits_answer(process);
	} else if (call->timeout_ms > 0) {
		call->deadline.due = on_wait_deadline;
		timer_start(&process->container->shim->loop, &call->deadline, call->timeout_ms);
	}
}

static void method_connect(struct call *call)
{
	const Api__ConnectRequest *request = (const void *)call->request;
	const struct container *container = container_find(shim_of(call), request->id);
	Api__ConnectResponse reply = API__CONNECT_RESPONSE__INIT;

	reply.shim_pid = (uint32_t)getpid();
	reply.task_pid = container ? (uint32_t)container->init.pid : 0;
	call_reply(call, &reply.base);
}

static void method_close_io(struct call *call)
{
	const Api__CloseIORequest *request = (const void *)call->request;
	struct process *process = call_process(call, request->id, request->exec_id);

	if (!process)
		return;
	if (request->close_stdin)
		stdio_close_input(&process->stdio);
	call_reply(call, NULL);
}

static void method_resize(struct call *call)
{
	const Api__ResizePtyRequest *request = (const void *)call->request;
	struct process *process = call_process(call, request->id, request->exec_id);

	if (!process || !call_allowed(call, process, ACTION_RESIZE))
		return;
	if (stdio_resize(&process->stdio, request->width, request->height))
		call_fail_recorded(call, CODE_UNKNOWN);
	else
		call_reply(call, NULL);
}

static void method_stats(struct call *call)
{
	const Api__StatsRequest *request = (const void *)call->request;
	struct process *init = call_process(call, request->id, "");
	Api__StatsResponse reply = API__STATS_RESPONSE__INIT;
	_cleanup_free_ uint8_t *bytes = NULL;
	Api__Any any = API__ANY__INIT;
	Api__Metrics *metrics;

	if (!init)
		return;
	exits_look_for_oom(init->container);
	metrics = stats_read(init->container->cgroup, &init->container->oom.counts);
	if (!metrics) {
		call_fail(call, CODE_NOT_FOUND, "cgroup does not exist: not found");
		return;
	}
	any.type_url = (char *)"io.containerd.cgroups.v2.Metrics";
	any.value.len = api__metrics__get_packed_size(metrics);
	any.value.data = bytes = xcalloc(1, any.value.len);
	api__metrics__pack(metrics, bytes);
	stats_free(metrics);
	reply.stats = &any;
	call_reply(call, &reply.base);
}

static void method_shutdown(struct call *call)
{
	struct shim *shim = shim_of(call);

	if (!list_is_empty(&shim->containers)) {
		call_reply(call, NULL);
		return;
	}
	shim->shut_down(shim); /* the socket is gone before the client goes on */
	call_reply(call, NULL);
}

/* clang-format off */
static const struct method methods[] = {
	{ "Create",     &api__create_task_request__descriptor,     method_create },
	{ "Start",      &api__start_request__descriptor,           method_start },
	{ "Delete",     &api__delete_request__descriptor,          method_delete },
	{ "Exec",       &api__exec_process_request__descriptor,    method_exec },
	{ "ResizePty",  &api__resize_pty_request__descriptor,      method_resize },
	{ "State",      &api__state_request__descriptor,           method_state },
	{ "Pause",      &api__pause_request__descriptor,           method_pause },
	{ "Resume",     &api__resume_request__descriptor,          method_resume },
	{ "Kill",       &api__kill_request__descriptor,            method_kill },
	{ "Pids",       &api__pids_request__descriptor,            method_pids },
	{ "CloseIO",    &api__close_iorequest__descriptor,         method_close_io },
	{ "Checkpoint", &api__checkpoint_task_request__descriptor, method_checkpoint },
	{ "Connect",    &api__connect_request__descriptor,         method_connect },
	{ "Wait",       &api__wait_request__descriptor,            method_wait },
	{ "Stats",      &api__stats_request__descriptor,           method_stats },
	{ "Update",     &api__update_task_request__descriptor,     method_update },
	{ "Shutdown",   &api__shutdown_request__descriptor,        method_shutdown },
	{ 0 },
};

const struct service task_services[] = {
	{ "containerd.task.v2.Task", methods },
	{ "containerd.task.v3.Task", methods },
	{ 0 },
};
/* clang-format on */
