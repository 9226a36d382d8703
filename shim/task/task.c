/* SPDX-License-Identifier: GPL-2.0-or-later */
/* task - the containers of a shim, their processes, and what is being done to them. */
#include "shim/task/task.h"

#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "shim/task/exits.h"
#include "shim/task/operation.h"

struct shim *shim_of(const struct call *call)
{
	return owner_of(call_server(call), struct shim, server);
}

static struct container *any_container(struct shim *shim, const char *id)
{
	list_each(cursor, rest, &shim->containers)
	{
		struct container *container = owner_of(cursor, struct container, link);

		if (strcmp(container->id, id) == 0)
			return container;
	}
	return NULL;
}

struct container *container_find(struct shim *shim, const char *id)
{
	struct container *container = any_container(shim, id);

	return container && container->is_created ? container : NULL;
}

struct process *process_find(struct container *container, const char *exec_id)
{
	if (!*exec_id)
		return &container->init;
	list_each(cursor, rest, &container->execs)
	{
		struct process *process = owner_of(cursor, struct process, link);

		if (strcmp(process->exec_id, exec_id) == 0)
			return process;
	}
	return NULL;
}

void call_fail_gone(struct call *call)
{
	call_fail(call, CODE_NOT_FOUND, "container not created: not found");
}

struct process *call_process(struct call *call, const char *id, const char *exec_id)
{
	struct container *container = container_find(shim_of(call), id);
	struct process *process = container ? process_find(container, exec_id) : NULL;

	if (!container)
		call_fail_gone(call);
	else if (!process)
		call_fail(call, CODE_NOT_FOUND, "process does not exist %s: not found",
			  exec_id);
	return process;
}

struct process *call_allowed(struct call *call, struct process *process, enum action action)
{
	const char *refusal = process->exec_id ? state_exec_refusal(process->state, action)
					       : state_refusal(process->state, action);

	if (!refusal)
		return process;
	if (process->state == STATE_DELETED)
		call_fail(call, CODE_NOT_FOUND, "%s: not found", refusal);
	else
		call_fail(call, CODE_UNKNOWN, "%s", refusal);
	return NULL;
}

/* An exec may be called "init". */
char *process_pid_file(const struct process *process)
{
	const char *bundle = process->container->bundle;

	return process->exec_id ? xprintf("%s/%s.process.pid", bundle, process->exec_id)
				: xprintf("%s/init.pid", bundle);
}

void process_init(struct process *process, struct container *container, const char *exec_id)
{
	*process = (struct process){ .container = container };
	process->exec_id = exec_id ? xstrdup(exec_id) : NULL;
	list_init(&process->link);
	list_init(&process->queue);
	list_init(&process->waiters);
	stdio_init(&process->stdio, &container->shim->loop);
}

/* What is still being done to it has nobody to be done to. */
static void process_release(struct process *process)
{
	if (process->operation) {
		call_fail_gone(process->operation->call);
		if (process->operation->makes_process)
			exits_not_made(process->container->shim);
		operation_free(process->operation);
	}
	while (!list_is_empty(&process->queue))
		call_fail_gone(owner_of(process->queue.next, struct call, link));
	while (!list_is_empty(&process->waiters))
		call_fail_gone(owner_of(process->waiters.next, struct call, link));
	stdio_release(&process->stdio);
	free(take(process->exec_id));
}

/* 0: there is nothing. Its device is the same for all of them. */
static ino_t inode_of(const char *bundle)
{
	struct stat status;

	return stat(bundle, &status) == 0 ? status.st_ino : 0;
}

static bool is_being_changed(const struct container *container)
{
	if (container->init.operation)
		return true;
	list_each(cursor, rest, &container->execs)
	{
		if (owner_of(cursor, struct process, link)->operation)
			return true;
	}
	return false;
}

/* What was made from a checkpoint and not started has no process yet. */
bool container_is_given_up(const struct container *container)
{
	bool is_over = exits_is_dead(container) || container->init.state == STATE_RESTORABLE;

	return is_over && !is_being_changed(container) &&
	       inode_of(container->bundle) != container->inode;
}

struct container *container_new(struct shim *shim, const char *id, const char *bundle)
{
	struct container *container = any_container(shim, id);

	if (container && !container_is_given_up(container))
		return NULL;
	if (container)
		container_free(container);
	container = xcalloc(1, sizeof(*container));
	container->inode = inode_of(bundle);
	container->shim = shim;
	container->id = xstrdup(id);
	container->bundle = xstrdup(bundle);
	container->sweep = JOB_NONE;
	list_init(&container->execs);
	list_add(&shim->containers, &container->link);
	process_init(&container->init, container, NULL);
	return container;
}

struct process *exec_new(struct container *container, const char *exec_id)
{
	struct process *process = xcalloc(1, sizeof(*process));

	process_init(process, container, exec_id);
	list_add(&container->execs, &process->link);
	return process;
}

void exec_free(struct process *process)
{
	list_remove(&process->link);
	process_release(process);
	free(process);
}

void container_free(struct container *container)
{
	list_each(cursor, rest, &container->execs)
		exec_free(owner_of(cursor, struct process, link));
	list_remove(&container->link);
	process_release(&container->init);
	oom_stop(&container->oom);
	job_release(&container->sweep);
	runtime_release(&container->runtime);
	free(container->checkpoint);
	free(container->criu_work);
	free(container->cgroup);
	free(container->id);
	free(container->bundle);
	free(container);
}
