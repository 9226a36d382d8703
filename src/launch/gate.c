/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gate - the socket where a created container waits for `start`. */
#include "launch/gate.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/block.h"
#include "kernel/channel.h"
#include "kernel/interrupt.h"

/* A socket's name has 108 bytes at most, and a state directory's path may have more. */
static struct sockaddr_un address_in(int dir)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/gate", dir);
	return address;
}

int gate_listen(int dir)
{
	struct sockaddr_un address = address_in(dir);
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_sys(errno, "socket");
	/* The socket's own mode becomes the file's; bind(2) has no other way to give it. */
	if (fchmod(fd, 0600) < 0)
		return err_sys(errno, "fchmod of gate");
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_sys(errno, "bind gate");
	if (listen(fd, 4) < 0)
		return err_sys(errno, "listen at gate");
	return fd_take(&fd);
}

static int knock(int dir)
{
	struct sockaddr_un address = address_in(dir);
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	char byte = 's';

	if (fd < 0)
		return err_sys(errno, "socket");
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_sys(errno, "connect to container init");
	if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1)
		return err_sys(errno, "tell container init to start");
	return fd_take(&fd);
}

/*
 * Until init says that it has failed or its end of the socket closes, as execve(2) does.  What it
 * says is read then: only who has an agent answers to it.
 */
static int listen_for_end(int fd, struct agent *agent, bool *ret_is_started)
{
	short events = agent->path ? POLLIN : POLLRDHUP;

	*ret_is_started = false;
	for (;;) {
		struct pollfd poll_fd = { fd, events, 0 };
		struct message message;
		_cleanup_close_ int listener = NO_FD;
		struct err err;
		ssize_t size;

		if (interrupt_poll(&poll_fd, 1, -1) < 0)
			return err_code();
		size = channel_receive(fd, &message, sizeof(message), &err, sizeof(err),
				       &listener);
		if (size == -ECONNRESET)
			return 0;
		if (size < 0)
			return err_code();
		if (message.kind == MESSAGE_FAILED && size == sizeof(err) && err.code > 0)
			return err_adopt(&err);
		if (agent_serve(agent, &message, agent->record->pid.value, listener, fd))
			return err_code();
		if (message.kind == MESSAGE_DONE)
			*ret_is_started = true;
	}
}

static int follow(int fd, struct agent *agent)
{
	bool is_started;

	if (listen_for_end(fd, agent, &is_started))
		return err_code();
	return is_started ? 0 : err_sys(ECONNRESET, "wait for container init");
}

int gate_say(int channel, struct agent *agent)
{
	struct message message = { .kind = MESSAGE_DONE };
	int result = channel_send(channel, &message, sizeof(message), NULL, 0, NO_FD);

	if (result == -EPIPE) {
		err_clear();
		return err_sys(ECONNRESET, "wait for container init");
	}
	return result < 0 ? result : follow(channel, agent);
}

int gate_open(int dir, int pidfd, struct agent *agent)
{
	_cleanup_close_ int fd = knock(dir);
	short events = agent->path ? POLLIN : POLLRDHUP;
	struct pollfd polls[] = { { fd, events, 0 }, { pidfd, POLLIN, 0 } };

	if (fd < 0)
		return fd;
	if (interrupt_poll(polls, 2, -1) < 0)
		return err_code();
	if (!polls[0].revents) /* init died in the queue: nobody will ever close the socket */
		return err_sys(ECONNRESET, "wait for container init");
	return follow(fd, agent);
}
