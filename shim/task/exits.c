/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exits - who has ended, and in which order that is told. */
#include "shim/task/exits.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/mem.h"
#include "shim/api/task.pb-c.h"
#include "shim/loop/note.h"
#include "shim/task/notify.h"
#include "shim/task/operation.h"

#define EARLY_MAX 4096
#define SWEEP_MS 60000
#define GO_ZERO_TIME (-62135596800) /* seconds: the first of January of the year 1 */

static struct ending ending_of(int status)
{
	struct ending ending = { .is_set = true };

	if (WIFSIGNALED(status))
		ending.status = 128 + (uint32_t)WTERMSIG(status);
	else
		ending.status = (uint32_t)WEXITSTATUS(status);
	clock_gettime(CLOCK_REALTIME, &ending.at);
	return ending;
}

Api__Timestamp *exits_time(const struct ending *ending, Api__Timestamp *out)
{
	api__timestamp__init(out);
	out->seconds = ending->is_set ? ending->at.tv_sec : GO_ZERO_TIME;
	out->nanos = (int32_t)ending->at.tv_nsec;
	return out;
}

bool exits_is_dead(const struct container *container)
{
	return container->init.held.is_set || container->init.ending.is_set;
}

void exits_answer(struct process *process)
{
	Api__WaitResponse reply = API__WAIT_RESPONSE__INIT;
	Api__Timestamp time;

	reply.exit_status = process->ending.status;
	reply.exited_at = exits_time(&process->ending, &time);
	while (!list_is_empty(&process->waiters))
		call_reply(owner_of(process->waiters.next, struct call, link), &reply.base);
}

/* All are told, once. */
static void tell(struct process *process)
{
	process->ending = process->held;
	process->held = (struct ending){ 0 };
	process->state = state_after(process->state, EVENT_EXITED);
	stdio_process_ended(&process->stdio);
	notify_exit(process);
	exits_answer(process);
}

/* It is being made, and not told of yet. */
static bool is_made(const struct process *process)
{
	return process->operation && process->operation->makes_process;
}

void exits_look_for_oom(struct container *container)
{
	oom_read(&container->oom);
	if (!is_made(&container->init) && oom_has_news(&container->oom))
		notify_oom(container);
}

static bool is_alive(const struct process *process)
{
	return process->state == STATE_RUNNING || is_made(process);
}

/* Init is the last of its container. */
static void tell_init(struct container *container)
{
	if (!container->init.held.is_set || !container->init.is_settled)
		return;
	list_each(cursor, rest, &container->execs) if (is_alive(owner_of(cursor, struct process,
									 link))) return;
	if (container->init.held.status == 128 + SIGKILL)
		oom_infer(&container->oom);
	exits_look_for_oom(container);
	tell(&container->init);
	oom_stop(&container->oom);
}

static void on_swept(struct job *job, int status)
{
	if (status)
		note_warning("what was left of a container could not be ended: status %d",
			     status);
	job_release(job);
}

/* Init is gone, but what shares its pids with others, or is frozen, is not gone with it. */
static void sweep(struct container *container, const char *command)
{
	_cleanup_args_ struct args args = { 0 };
	struct command run = { args.words, { COMMAND_NULL, COMMAND_SAID, COMMAND_SAID } };
	bool is_kill = strcmp(command, "kill") == 0;

	if (container->sweep.pid)
		return;
	runtime_args(&container->runtime, command, &args);
	if (is_kill)
		args_add(&args, "--all");
	args_add(&args, "%s", container->id);
	if (is_kill)
		args_add(&args, "%d", SIGKILL);
	container->sweep.ended = on_swept;
	if (children_run(&container->shim->children, &container->sweep, &run, SWEEP_MS))
		note_recorded(NOTE_WARNING);
}

/* What it printed has been taken. */
static void on_settled(struct stdio *stdio)
{
	struct process *process = owner_of(stdio, struct process, stdio);

	process->is_settled = true;
	if (process->exec_id)
		tell(process);
	tell_init(process->container);
}

/* It has ended and those who had to be told of something before have been. */
static void release_held(struct process *process)
{
	struct container *container = process->container;

	stdio_process_ended(&process->stdio);
	if (!process->exec_id && !container->has_own_pids)
		sweep(container, "kill"); /* what is frozen is killed as well */
	else if (!process->exec_id && process->state == STATE_PAUSED)
		sweep(container, "resume");
	stdio_settle(&process->stdio, on_settled);
}

static void set_ended(struct process *process, const struct ending *ending)
{
	process->held = *ending;
	exits_look_for_oom(process->container); /* while its cgroup is still there */
	if (!is_made(process))
		release_held(process);
}

static bool has_pid(const struct process *process, pid_t pid)
{
	return process->pid == pid && !process->ending.is_set && !process->held.is_set;
}

static struct process *find_in(struct container *container, pid_t pid)
{
	if (has_pid(&container->init, pid))
		return &container->init;
	list_each(cursor, rest,
		  &container->execs) if (has_pid(owner_of(cursor, struct process, link),
						 pid)) return owner_of(cursor, struct process,
								       link);
	return NULL;
}

static void keep_early(struct shim *shim, pid_t pid, const struct ending *ending)
{
	if (shim->making == 0 || shim->early_count >= EARLY_MAX)
		return;
	shim->early = xreallocarray(shim->early, shim->early_count + 1, sizeof(*shim->early));
	shim->early[shim->early_count++] = (struct early){ pid, *ending };
}

void exits_take(struct shim *shim, pid_t pid, int status)
{
	struct ending ending = ending_of(status);

	list_each(cursor, rest, &shim->containers)
	{
		struct process *process =
			find_in(owner_of(cursor, struct container, link), pid);

		if (process) {
			set_ended(process, &ending);
			return;
		}
	}
	keep_early(shim, pid, &ending);
}

void exits_adopt(struct shim *shim, struct process *process)
{
	for (size_t i = 0; i < shim->early_count; i++) {
		if (shim->early[i].pid != process->pid)
			continue;
		shim->early[i].pid = 0;
		set_ended(process, &shim->early[i].ending);
		return;
	}
}

void exits_not_made(struct shim *shim)
{
	if (--shim->making > 0)
		return;
	free(take(shim->early));
	shim->early_count = 0;
}

void exits_made(struct shim *shim, struct process *process)
{
	exits_not_made(shim);
	exits_look_for_oom(process->container);
	if (process->held.is_set)
		release_held(process);
	else
		tell_init(process->container);
}
