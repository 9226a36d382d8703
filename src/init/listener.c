/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listener - load a filter that asks an agent, and hand out where the agent listens. */
#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <time.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/channel.h"
#include "kernel/clone3.h"
#include "kernel/syscalls.h"

/*
 * Once the filter is loaded, any system call of ours may wait for an agent that
 * has nothing to listen at yet.  So a thread that was started before, and which
 * the filter does not cover, gives the listener to `start`, which gives it to
 * the agent.  Until then we make no system call at all; execve(2) takes the
 * thread away.
 */
#define STACK_SIZE 16384
#define NOT_LOADED_YET (-4096) /* no errno */
#define NAP_NS 20000
#define ANSWER_MS 60000 /* more than `start` takes for the agent */

struct carrier {
	const struct init *init;
	bool is_program;
	int listener; /* a descriptor, NOT_LOADED_YET or the negative errno of seccomp(2) */
	int is_delivered;
};

static char stack[STACK_SIZE] __attribute__((aligned(16)));

/* `start` has done what the last message asked for; else it is gone or says why itself. */
static int await_answer(int peer)
{
	struct pollfd poll_fd = { peer, POLLIN, 0 };
	struct message message;

	if (poll(&poll_fd, 1, ANSWER_MS) <= 0)
		return err_sys(ETIMEDOUT, "wait for the runtime");
	if (channel_receive(peer, &message, sizeof(message), NULL, 0, NULL) < 0)
		return -1;
	return message.kind == MESSAGE_DONE ? 0 : -1;
}

static int ask(int peer, enum message_kind kind, int fd)
{
	struct message message = { .kind = kind };

	if (channel_send(peer, &message, sizeof(message), NULL, 0, fd))
		return err_code();
	return await_answer(peer);
}

/* The runtime has the reason; nobody listens to ours. */
void listener_announce(const struct init *init)
{
	if (ask(init->peer, MESSAGE_AGENT, NO_FD))
		_exit(1);
}

int act_reach_agent(struct init *init)
{
	listener_announce(init);
	return 0;
}

/* A few of them while the filter is loaded. */
static int await_listener(struct carrier *carrier)
{
	struct timespec nap = { .tv_nsec = NAP_NS };
	int listener;

	while ((listener = __atomic_load_n(&carrier->listener, __ATOMIC_ACQUIRE)) ==
	       NOT_LOADED_YET)
		syscall(SYS_ppoll, NULL, 0, &nap, NULL, 0);
	return listener;
}

/* In the thread.  It ends the process in its place: exit_group(2) may be notified, too. */
static int carry(void *argument)
{
	struct carrier *carrier = argument;
	int peer = carrier->init->peer;
	int listener = await_listener(carrier);

	if (listener < 0)
		return 0; /* said by whoever has tried to load it */
	if (ask(peer, MESSAGE_LISTENER, listener) ||
	    (carrier->is_program && init_say_started(carrier->init)))
		_exit(1);
	/* Once the agent is gone, nobody may seem to listen: we would wait for ourselves. */
	fd_close(listener);
	__atomic_store_n(&carrier->is_delivered, 1, __ATOMIC_RELEASE);
	return 0;
}

static int start_thread(struct carrier *carrier)
{
	struct clone_args args = {
		.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			 CLONE_SYSVSEM,
		.stack = (uintptr_t)stack,
		.stack_size = sizeof(stack),
	};
	long pid = clone3_call(&args, sizeof(args), carry, carrier);

	return pid < 0 ? err_sys((int)-pid, "start a thread for the seccomp agent") : 0;
}

int listener_load(const struct init *init, const struct sock_fprog *program, bool is_program)
{
	static struct carrier carrier; /* the thread may look at it when we have gone on */
	long listener;

	carrier = (struct carrier){
		.init = init,
		.is_program = is_program,
		.listener = NOT_LOADED_YET,
	};
	if (start_thread(&carrier))
		return err_code();
	listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, init->plan->seccomp_flags,
			   program);
	if (listener < 0)
		listener = -errno;
	__atomic_store_n(&carrier.listener, (int)listener, __ATOMIC_RELEASE);
	if (listener < 0)
		return err_sys((int)-listener, "load seccomp filter");
	while (!__atomic_load_n(&carrier.is_delivered, __ATOMIC_ACQUIRE))
		;
	return 0;
}
