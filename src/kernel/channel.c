/* SPDX-License-Identifier: GPL-2.0-or-later */
/* channel - packets, and sometimes a descriptor, between a parent and what it started. */
#include "kernel/channel.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/err.h"
#include "base/fd.h"

union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static void attach_fd(struct msghdr *message, union control *control, int fd)
{
	struct cmsghdr *header;

	memset(control, 0, sizeof(*control));
	message->msg_control = control->bytes;
	message->msg_controllen = sizeof(control->bytes);
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
}

int channel_send(int socket, const void *head, size_t head_size, const void *body,
		 size_t body_size, int fd)
{
	struct iovec parts[] = {
		{ (void *)head, head_size },
		{ (void *)body, body_size },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = body_size ? 2 : 1 };
	union control control;
	ssize_t n;

	if (fd >= 0)
		attach_fd(&message, &control, fd);
	do
		n = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? err_sys(errno, "send") : 0;
}

static int detach_fd(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int fd = NO_FD;

	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

/*
 * The kernel says ECONNRESET once, before all else, when the other side has
 * gone without reading what we sent; what it said before that comes next.
 */
static ssize_t receive(int socket, struct msghdr *message)
{
	bool was_reset = false;
	ssize_t n;

	for (;;) {
		n = recvmsg(socket, message, MSG_CMSG_CLOEXEC);
		if (n < 0 && errno == ECONNRESET && !was_reset)
			was_reset = true;
		else if (n >= 0 || errno != EINTR)
			return n;
	}
}

ssize_t channel_receive(int socket, void *head, size_t head_size, void *body, size_t body_size,
			int *ret_fd)
{
	struct iovec parts[] = { { head, head_size }, { body, body_size } };
	union control control;
	struct msghdr message = {
		.msg_iov = parts,
		.msg_iovlen = body_size ? 2 : 1,
		.msg_control = ret_fd ? control.bytes : NULL,
		.msg_controllen = ret_fd ? sizeof(control.bytes) : 0,
	};
	ssize_t n = receive(socket, &message);

	if (n == 0 || (n < 0 && errno == ECONNRESET))
		return -ECONNRESET;
	if (n < 0)
		return err_sys(errno, "receive");
	if (ret_fd)
		*ret_fd = detach_fd(&message);
	if ((size_t)n < head_size)
		return err_sys(EPROTO, "receive");
	return n - (ssize_t)head_size;
}

int channel_open(int *ret_ours, int *ret_theirs)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_sys(errno, "socketpair");
	*ret_ours = pair[0];
	*ret_theirs = pair[1];
	return 0;
}
