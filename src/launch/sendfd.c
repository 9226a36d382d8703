/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sendfd - hand a descriptor to whoever listens on a socket. */
#include "launch/sendfd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"
#include "kernel/deadline.h"

#define TIMEOUT_SECONDS 10

/* The name is too long for an address, perhaps: go through its directory. */
static int make_address(int dir, const char *path, struct sockaddr_un *address)
{
	int size = snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/%s",
			    dir, path_name(path));

	if (size < 0 || (size_t)size >= sizeof(address->sun_path))
		return err_sys(ENAMETOOLONG, "%s", path);
	return 0;
}

/* A timeout has the errno of "not now", which would say too little. */
static int failure(void)
{
	return errno == EAGAIN ? ETIMEDOUT : errno;
}

/* One with a timeout is not begun anew by the kernel when we are stopped and go on. */
static int connect_to(int fd, const struct sockaddr_un *address)
{
	struct deadline deadline = deadline_in(TIMEOUT_SECONDS * 1000);

	while (connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0) {
		if (errno != EINTR)
			return -failure();
		if (deadline_left(&deadline) == 0)
			return -ETIMEDOUT;
	}
	return 0;
}

int sendfd_connect(const char *path, int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval timeout = { .tv_sec = TIMEOUT_SECONDS };
	_cleanup_free_ char *parent = xstrndup(path, (size_t)(path_name(path) - path));
	_cleanup_close_ int dir =
		fd_open(AT_FDCWD, *parent ? parent : "/", O_PATH | O_DIRECTORY, 0);
	_cleanup_close_ int fd = NO_FD;
	int r;

	if (dir < 0 || make_address(dir, path, &address))
		return err_code();
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(errno, "socket");
	/* A listener whose queue is full holds connect(2) up, a reader that sleeps sendmsg(2). */
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	r = connect_to(fd, &address);
	return r < 0 ? err_sys(-r, "connect to %s", path) : fd_take(&fd);
}

int sendfd_send(int stream, int fd, const char *text)
{
	struct iovec part = { (void *)text, strlen(text) };
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control = { .head = {
			      .cmsg_len = CMSG_LEN(sizeof(int)),
			      .cmsg_level = SOL_SOCKET,
			      .cmsg_type = SCM_RIGHTS,
		      } };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t sent;

	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	do
		sent = sendmsg(stream, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return err_sys(failure(), "send");
	return (size_t)sent < part.iov_len ? err_sys(ETIMEDOUT, "send") : 0;
}

int sendfd(const char *path, int fd, const char *text)
{
	_cleanup_close_ int stream = sendfd_connect(path, SOCK_STREAM);

	if (stream < 0)
		return stream;
	if (sendfd_send(stream, fd, text))
		return err_while("%s", path);
	return 0;
}
