/* SPDX-License-Identifier: GPL-2.0-or-later */
/* step - one table of named steps that parent and tare-init walk together. */
#include "launch/step.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "kernel/channel.h"
#include "kernel/interrupt.h"
#include "kernel/syscalls.h"
#include "launch/fault.h"
#include "launch/parent.h"

/* For traces: 0 when nobody wants them. */
static uint64_t now(const struct launch *launch)
{
	struct timespec time;

	if (!launch->request->is_debug)
		return 0;
	sys_clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

void steps_choose(const struct step *table, size_t count, struct plan *plan,
		  struct step_list *ret_list)
{
	struct block_step *rows;
	void *items;

	ret_list->count = 0;
	for (size_t i = 0; i < count; i++)
		if (!table[i].wanted || table[i].wanted(plan))
			ret_list->steps[ret_list->count++] = &table[i];
	assert(ret_list->count <= ARRAY_SIZE(ret_list->steps));

	plan->init->steps =
		block_put_list(&plan->block, ret_list->count, sizeof(*rows), &items);
	rows = items;
	for (size_t i = 0; i < ret_list->count; i++) {
		rows[i].name = block_put_text(&plan->block, ret_list->steps[i]->name);
		rows[i].side = ret_list->steps[i]->side;
		rows[i].is_awaited = ret_list->steps[i]->is_awaited;
		rows[i].act = ret_list->steps[i]->act;
	}
}

static void trace(const struct launch *launch, const struct step *step, uint64_t began,
		  uint64_t ended)
{
	if (launch->request->is_debug)
		log_debug("step %s %s at %llu us took %llu us", step->name,
			  step->side == SIDE_PARENT ? "parent" : "init",
			  (unsigned long long)(began - launch->began) / 1000,
			  (unsigned long long)(ended - began) / 1000);
}

/* Its name says where it was, until it is waited for: see run_step() of init. */
static void read_step_of_init(pid_t pid, char *name, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	if (fd_read_file(AT_FDCWD, path, name, size) < 0)
		err_clear();
	else if (strncmp(name, "memfd:", 6) != 0 && strspn(name, "0123456789") != strlen(name))
		return;
	/* Still called after the file it was executed from: it did not come to its first step. */
	snprintf(name, size, "start-init");
}

/* The container's own trouble with memory is not ours, as long as we do not know whose it was. */
static int explain_entry(const char *step, const siginfo_t *info)
{
	if (info->si_code == CLD_EXITED)
		return err_refuse("%s: tare-init exited with status %d on its way into the "
				  "container",
				  step, info->si_status);
	return err_sys(ESRCH,
		       "%s: tare-init was killed by signal %d on its way into the "
		       "container",
		       step, info->si_status);
}

/* tare-init is gone without a word: say where and how it ended. */
static int explain_end(struct launch *launch)
{
	siginfo_t info = { 0 };
	char step[32];

	if (!launch->init->enters && launch_follow(launch))
		return err_code();
	if (waitid(P_PID, (id_t)launch->child.pid, &info, WEXITED | WNOWAIT) < 0)
		return err_sys(errno, "wait for tare-init");
	read_step_of_init(launch->child.pid, step, sizeof(step));
	waitid(P_PID, (id_t)launch->child.pid, &info, WEXITED);
	launch->is_over = true;
	if (launch->init->enters)
		return explain_entry(step, &info);
	if (cgroup_was_oom_killed(&launch->cgroup))
		return err_refuse("%s: container init was OOM-killed (memory limit too low?)",
				  step);
	if (info.si_code == CLD_EXITED)
		return err_refuse("%s: container init exited with status %d", step,
				  info.si_status);
	return err_refuse("%s: container init was killed by signal %d", step, info.si_status);
}

/* POLLIN, or POLLRDHUP to be woken once, when all has been said; and for how long. */
struct patience {
	short events;
	int timeout_ms;
};

/* The process that an exec cloned has nothing else to do. */
static bool is_executing(const struct launch *launch, enum act act)
{
	return act == ACT_SPAWN && __atomic_load_n(launch->born, __ATOMIC_ACQUIRE) > 0;
}

/*
 * How long execve(2) takes is up to where the program is, on the other side of a network perhaps:
 * as `start` does, we wait for it until the user does not want to any more.
 */
static int wait_readable(const struct launch *launch, enum act act, struct patience *patience)
{
	char step[32];

	for (;;) {
		struct pollfd poll_fd = { launch->channel, patience->events, 0 };
		int ready = interrupt_poll(&poll_fd, 1, patience->timeout_ms);

		if (ready != 0)
			return ready < 0 ? ready : 0;
		if (is_executing(launch, act))
			patience->timeout_ms = -1;
		else if (patience->events == POLLRDHUP)
			*patience = (struct patience){ POLLIN, 0 }; /* what has it said? */
		else
			break;
	}
	read_step_of_init(launch->child.pid, step, sizeof(step));
	return err_sys(ETIMEDOUT, "%s: container init did not answer", step);
}

static int adopt_failure(const struct err *err, ssize_t size)
{
	if (size != sizeof(*err) || err->code <= 0)
		return err_sys(EPROTO, "container init failed");
	return err_adopt(err);
}

/*
 * Its end of the channel is closed: of tare-init, which is done once it has cloned
 * the process, and of the process, since it has executed or died.
 */
static int end_of_entry(struct launch *launch)
{
	if (__atomic_load_n(launch->born, __ATOMIC_ACQUIRE) <= 0)
		return explain_end(launch);
	while (waitpid(launch->child.pid, NULL, 0) < 0)
		if (errno != EINTR)
			return err_sys(errno, "wait for tare-init");
	launch->is_over = true;
	return 0;
}

/* One terminal is expected, and not from a process that the container can see. */
static void take_console(struct launch *launch, int fd, bool is_from_process)
{
	if (launch->console < 0 && !is_from_process)
		launch->console = fd;
	else
		fd_close(fd);
}

/* The pid is there before the process is. */
static int serve_agent(struct launch *launch, const struct message *message, int listener)
{
	pid_t pid = __atomic_load_n(launch->born, __ATOMIC_ACQUIRE);

	return agent_serve(&launch->agent, message, pid, listener, launch->channel);
}

static int end_of_channel(struct launch *launch, enum act act, bool is_started)
{
	if (act == ACT_SPAWN)
		return end_of_entry(launch);
	return is_started ? 0 : explain_end(launch);
}

int steps_await(const struct step_list *list, struct launch *launch, size_t index)
{
	const char *name = list->steps[index]->name;
	enum act act = list->steps[index]->act;
	bool is_spawn = act == ACT_SPAWN, is_started = false;
	struct patience patience = { act == ACT_EXEC ? POLLRDHUP : POLLIN,
				     launch->patience_ms };

	for (;;) {
		struct message message;
		int fd = NO_FD;
		struct err err;
		ssize_t size;

		if (wait_readable(launch, act, &patience))
			return err_code();
		size = channel_receive(launch->channel, &message, sizeof(message), &err,
				       sizeof(err), &fd);
		if (size == -ECONNRESET)
			return end_of_channel(launch, act, is_started);
		if (size < 0)
			return err_while("%s", name);
		if (message.kind == MESSAGE_FAILED)
			return adopt_failure(&err, size);
		if (is_spawn && serve_agent(launch, &message, fd)) {
			fd_close(fd);
			return err_while("%s", name);
		}
		if (message.kind == MESSAGE_CONSOLE)
			take_console(launch, fd, is_spawn);
		else
			fd_close(fd);
		if (message.kind == MESSAGE_TRACE && message.step < list->count)
			trace(launch, list->steps[message.step], message.began, message.ended);
		if (message.kind != MESSAGE_DONE)
			continue;
		if (act == ACT_EXEC) {
			is_started = true;
			patience.timeout_ms = -1;
		} else if (message.step == index) {
			return 0;
		}
	}
}

/* EPIPE may be of another socket, whose reader has gone, while init waits for us. */
static bool is_of_init(const struct launch *launch, int result)
{
	struct pollfd poll_fd = { launch->channel, POLLIN | POLLRDHUP, 0 };

	return result == -ESRCH || (result == -EPIPE && poll(&poll_fd, 1, 0) > 0);
}

/* Our row failed because init did: what init left behind is the reason. */
static int prefer_reason_of_init(const struct step_list *list, struct launch *launch,
				 size_t index, int result)
{
	struct err ours = *err_last();

	if (launch->child.pid <= 0 || launch->is_over || !is_of_init(launch, result))
		return result;
	err_clear();
	/* No answer to a row of ours will come: only init's own failure, or its end. */
	if (steps_await(list, launch, index))
		return err_code();
	return err_adopt(&ours);
}

/* Why we take it back is what counts, not what this meets. */
static void undo_step(const struct step *step, struct launch *launch)
{
	struct err reason = *err_last();

	if (!step->undo)
		return;
	err_clear();
	step->undo(launch);
	if (err_last()->code) {
		char text[ERR_TEXT_MAX + 128];

		err_text(err_last(), text, sizeof(text));
		log_warning("undo %s: %s", step->name, text);
		err_clear();
	}
	err_adopt(&reason);
}

static int run_ours(const struct step_list *list, struct launch *launch, size_t index)
{
	const struct step *step = list->steps[index];
	struct message message = { .kind = MESSAGE_DONE, .step = (uint32_t)index };
	uint64_t began = now(launch);

	if (fault_inject(launch, index) || step->run(launch))
		return err_while("%s", step->name);
	trace(launch, step, began, now(launch));
	if (!step->is_awaited)
		return 0;
	if (channel_send(launch->channel, &message, sizeof(message), launch->payload,
			 launch->payload_size, NO_FD)) {
		/* It worked, though nobody is there any more to hear it. */
		undo_step(step, launch);
		return err_while("%s", step->name);
	}
	launch->payload_size = 0;
	return 0;
}

static int run_row(const struct step_list *list, struct launch *launch, size_t index)
{
	const struct step *step = list->steps[index];
	int result;

	if (step->side == SIDE_PARENT) {
		result = run_ours(list, launch, index);
		return result ? prefer_reason_of_init(list, launch, index, result) : 0;
	}
	if (fault_is_awaited(launch, index)) {
		result = steps_await(list, launch, index);
		return result ? result : fault_die();
	}
	return step->is_awaited ? steps_await(list, launch, index) : 0;
}

static void undo(const struct step_list *list, struct launch *launch, size_t count)
{
	launch_close_spares(launch);
	while (count-- > 0)
		undo_step(list->steps[count], launch);
}

int launch_explain(struct launch *launch)
{
	struct err ours = *err_last();
	struct pollfd poll_fd = { launch->channel, POLLIN, 0 };
	struct step_list none = { .count = 0 };
	static const struct step gate = { .name = "start" };

	if (poll(&poll_fd, 1, 0) <= 0)
		return -ours.code;
	none.steps[0] = &gate;
	err_clear();
	return steps_await(&none, launch, 0);
}

size_t steps_of_parent(const struct step_list *list)
{
	size_t count = list->count;

	while (count > 0 && list->steps[count - 1]->side == SIDE_INIT &&
	       !list->steps[count - 1]->is_awaited)
		count--;
	return count;
}

/*
 * What failed because the container has too little memory is told as its kill would be.  One that
 * is there has counted since it began: that is no news of what enters it.
 */
static int blame_memory(const struct launch *launch, int result)
{
	if (launch->init->enters || !cgroup_ran_out_of_memory(&launch->cgroup) ||
	    strstr(err_last()->text, "OOM-killed"))
		return result;
	return err_while("container init was OOM-killed (memory limit too low?)");
}

static int run(const struct step_list *list, struct launch *launch)
{
	size_t count = steps_of_parent(list);

	launch->began = now(launch);
	for (size_t i = 0; i < count; i++) {
		int result = run_row(list, launch, i);

		if (result) {
			result = blame_memory(launch, result);
			undo(list, launch, i);
			return result;
		}
	}
	return 0;
}

int steps_walk(const struct step *table, size_t count, struct launch *launch,
	       const struct launch_request *request)
{
	struct step_list list;

	launch->request = request;
	launch->plan = request->plan;
	launch->init = request->plan->init;
	steps_choose(table, count, request->plan, &list);
	if (fault_choose(&list, &launch->fault))
		return err_code();
	launch->init->fault = launch->fault;
	launch->init->wants_trace = request->is_debug;
	return run(&list, launch);
}
