/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gate - the container is created; wait until somebody says start. */
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "init/memory.h"
#include "kernel/channel.h"
#include "kernel/syscalls.h"

/* From here on the parent may leave; if it dies before it says so, the channel ends. */
int act_ready(struct init *init)
{
	fd_close(init->root);
	init->root = NO_FD;
	fd_close(init->proc);
	init->proc = NO_FD;
	prctl(PR_SET_PDEATHSIG, 0);
	memory_trim();
	return 0;
}

/* One byte from `start`; a `start` that died before it wrote it is forgotten. */
static int answer(int gate)
{
	for (;;) {
		int peer = accept4(gate, NULL, NULL, SOCK_CLOEXEC);
		char byte;

		if (peer < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (peer < 0)
			return err_sys(errno, "wait for start");
		if (read(peer, &byte, 1) == 1)
			return peer;
		fd_close(peer);
	}
}

/* `run` says it on the channel, which then ends in execve(2), as what a `start` opens does. */
static int hear_start(int channel)
{
	struct message message;
	ssize_t size = channel_receive(channel, &message, sizeof(message), NULL, 0, NULL);

	if (size == -ECONNRESET)
		_exit(1); /* nobody else can start us */
	if (size < 0)
		return err_code();
	if (fcntl(channel, F_SETFD, FD_CLOEXEC) < 0)
		return err_sys(errno, "wait for start");
	return channel;
}

/*
 * Nobody has anything to do before the program runs: whoever made us has said all that we need.
 * What is open and in memory goes when it is executed, next.
 */
int act_go_on(struct init *init)
{
	prctl(PR_SET_PDEATHSIG, 0);
	if (fcntl(init->plan->channel, F_SETFD, FD_CLOEXEC) < 0)
		return err_sys(errno, "go on to the program");
	init->peer = init->plan->channel;
	return 0;
}

int act_wait_for_start(struct init *init)
{
	if (init->plan->gate < 0) {
		init->peer = hear_start(init->plan->channel);
		return init->peer < 0 ? init->peer : 0;
	}
	fd_close(init->plan->channel);
	init->peer = answer(init->plan->gate);
	fd_close(init->plan->gate);
	return init->peer < 0 ? init->peer : 0;
}
