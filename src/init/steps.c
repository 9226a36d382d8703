/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps - walk the parent's list of steps and do our own. */
#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/channel.h"
#include "kernel/syscalls.h"

static char filter_space[BPF_MAXINSNS * sizeof(struct sock_filter)];

static uint64_t now(void)
{
	struct timespec time;

	sys_clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* The console's master rides with the row that made it, see act_console(). */
static int say(const struct init *init, const struct message *message)
{
	return channel_send(init->plan->channel, message, sizeof(*message), NULL, 0, NO_FD);
}

void init_report(const struct init *init, uint32_t step)
{
	struct message message = { .kind = MESSAGE_FAILED, .step = step };
	int to = init->peer >= 0 ? init->peer : init->plan->channel;
	struct err err = *err_last();

	err_clear();
	if (channel_send(to, &message, sizeof(message), &err, sizeof(err), NO_FD) < 0)
		err_clear();
}

/* Wait until the parent has done STEP; what comes with it is the seccomp filter. */
static int await(struct init *init, uint32_t step)
{
	struct message message;
	ssize_t size = channel_receive(init->plan->channel, &message, sizeof(message),
				       filter_space, sizeof(filter_space), NULL);

	if (size == -ECONNRESET)
		_exit(1); /* the parent is gone, and what it made is to go */
	if (size < 0)
		return err_code();
	if (message.kind != MESSAGE_DONE || message.step != step)
		return err_sys(EPROTO, "wait for the runtime");
	if (size > 0) {
		init->filter = filter_space;
		init->filter_size = (size_t)size;
	}
	return 0;
}

/* Only a build for tests asks for faults; see launch/fault.h. */
static int inject(const struct init *init, uint32_t step)
{
	const struct block_fault *fault = &init->plan->fault;
	struct message message = { .kind = MESSAGE_DONE, .step = step };

	if (fault->kind == FAULT_NONE || fault->step != step)
		return 0;
	if (fault->kind == FAULT_ERRNO)
		return err_sys(fault->code, "injected fault");
	if (fault->kind == FAULT_KILL)
		__builtin_trap(); /* the first process of a pid namespace cannot kill itself */
	return say(init, &message); /* the parent waits for this and kills itself */
}

/* What is said about a step once it is done. */
static int report_step(const struct init *init, uint32_t index, const struct block_step *step,
		       uint64_t began)
{
	struct message message = { .kind = MESSAGE_TRACE, .step = index, .began = began };

	if (began) {
		message.ended = now();
		if (say(init, &message))
			return err_code();
	}
	message.kind = MESSAGE_DONE;
	return step->is_awaited ? say(init, &message) : 0;
}

static int run_step(struct init *init, uint32_t index, const struct block_step *step)
{
	const struct init_plan *plan = init->plan;
	bool is_traced = plan->wants_trace && init->peer < 0 && step->act != ACT_WAIT_FOR_START;
	uint64_t began = is_traced ? now() : 0;

	/* Seen in ps(1) while we hang, and by the parent when we have died without a word. */
	if (!init->is_filtered)
		prctl(PR_SET_NAME, block_string(plan, step->name));
	if (inject(init, index) || act_run(init, step->act))
		return init->is_executing ? err_code()
					  : err_while("%s", block_string(plan, step->name));
	return report_step(init, index, step, began);
}

int run_steps(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const struct block_step *steps = LIST_OF(plan, plan->steps, struct block_step);

	for (uint32_t i = 0; i < plan->steps.count; i++) {
		int result = 0;

		if (steps[i].side == SIDE_INIT)
			result = run_step(init, i, &steps[i]);
		else if (steps[i].is_awaited)
			result = await(init, i);
		if (result) {
			init_report(init, i);
			return result;
		}
	}
	return 0;
}
