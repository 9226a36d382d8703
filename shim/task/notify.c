/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notify - the events of a task. */
#include "shim/task/notify.h"

#include "shim/api/events.pb-c.h"
#include "shim/task/exits.h"

/* TYPE is bare: what has a host in front is not understood by every containerd. */
static void publish(const struct container *container, const char *topic, const char *type,
		    const ProtobufCMessage *event)
{
	publisher_add(&container->shim->publisher, topic, type, event);
}

void notify_create(const struct container *container, const Api__CreateTaskRequest *request)
{
	Api__TaskCreate event = API__TASK_CREATE__INIT;
	Api__TaskIO io = API__TASK_IO__INIT;

	io.stdin_path = request->stdin_path;
	io.stdout_path = request->stdout_path;
	io.stderr_path = request->stderr_path;
	io.terminal = request->terminal;
	event.container_id = container->id;
	event.bundle = container->bundle;
	event.n_rootfs = request->n_rootfs;
	event.rootfs = request->rootfs;
	event.io = &io;
	event.checkpoint = request->checkpoint;
	event.pid = (uint32_t)container->init.pid;
	publish(container, "/tasks/create", "containerd.events.TaskCreate", &event.base);
}

void notify_start(const struct process *process)
{
	Api__TaskExecStarted exec = API__TASK_EXEC_STARTED__INIT;
	Api__TaskStart init = API__TASK_START__INIT;

	if (process->exec_id) {
		exec.container_id = process->container->id;
		exec.exec_id = process->exec_id;
		exec.pid = (uint32_t)process->pid;
		publish(process->container, "/tasks/exec-started",
			"containerd.events.TaskExecStarted", &exec.base);
		return;
	}
	init.container_id = process->container->id;
	init.pid = (uint32_t)process->pid;
	publish(process->container, "/tasks/start", "containerd.events.TaskStart", &init.base);
}

void notify_exec_added(const struct process *process)
{
	Api__TaskExecAdded event = API__TASK_EXEC_ADDED__INIT;

	event.container_id = process->container->id;
	event.exec_id = process->exec_id;
	publish(process->container, "/tasks/exec-added", "containerd.events.TaskExecAdded",
		&event.base);
}

void notify_exit(const struct process *process)
{
	Api__TaskExit event = API__TASK_EXIT__INIT;
	Api__Timestamp time;

	event.container_id = process->container->id;
	event.id = process->exec_id ? process->exec_id : process->container->id;
	event.pid = (uint32_t)process->pid;
	event.exit_status = process->ending.status;
	event.exited_at = exits_time(&process->ending, &time);
	publish(process->container, "/tasks/exit", "containerd.events.TaskExit", &event.base);
}

void notify_delete(const struct container *container)
{
	const struct process *init = &container->init;
	Api__TaskDelete event = API__TASK_DELETE__INIT;
	Api__Timestamp time;

	event.container_id = container->id;
	event.pid = (uint32_t)init->pid;
	event.exit_status = init->ending.status;
	event.exited_at = exits_time(&init->ending, &time);
	publish(container, "/tasks/delete", "containerd.events.TaskDelete", &event.base);
}

void notify_oom(const struct container *container)
{
	Api__TaskOOM event = API__TASK_OOM__INIT;

	event.container_id = container->id;
	publish(container, "/tasks/oom", "containerd.events.TaskOOM", &event.base);
}

void notify_paused(const struct container *container)
{
	Api__TaskPaused event = API__TASK_PAUSED__INIT;

	event.container_id = container->id;
	publish(container, "/tasks/paused", "containerd.events.TaskPaused", &event.base);
}

void notify_resumed(const struct container *container)
{
	Api__TaskResumed event = API__TASK_RESUMED__INIT;

	event.container_id = container->id;
	publish(container, "/tasks/resumed", "containerd.events.TaskResumed", &event.base);
}
