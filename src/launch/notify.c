/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notify - tell the service manager when the container is ready: sd_notify(3). */
#include "launch/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "kernel/interrupt.h"

#define SOCKET_NAME NOTIFY_DIRECTORY "/notify.sock"
#define DATAGRAM_MAX 4096
#define BARRIER_MS 30000
#define TELL_SECONDS 5 /* a manager's queue is short, and full when many start at once */

/* "@name" is abstract, its first byte NUL; other kinds of sockets are no unix sockets. */
static int read_manager(const char *text, struct notify *notify)
{
	size_t length = strlen(text);

	if (text[0] != '/' && text[0] != '@')
		return err_refuse(
			"NOTIFY_SOCKET: \"%s\" is neither a path nor an abstract name", text);
	if (length >= sizeof(notify->manager.sun_path))
		return err_sys(ENAMETOOLONG, "NOTIFY_SOCKET: \"%s\"", text);
	notify->manager.sun_family = AF_UNIX;
	memcpy(notify->manager.sun_path, text, length + 1);
	if (text[0] == '@')
		notify->manager.sun_path[0] = '\0';
	notify->manager_size =
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (text[0] == '/'));
	return 0;
}

/* The container's ids may be any; nobody but it reaches the directory. */
static int bind_socket(int slot)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return err_sys(errno, "socket");
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", slot,
		 SOCKET_NAME);
	/* One that a failed `start` left. */
	if (unlinkat(slot, SOCKET_NAME, 0) < 0 && errno != ENOENT)
		return err_sys(errno, "remove %s", SOCKET_NAME);
	if (fchmod(fd, 0777) < 0)
		return err_sys(errno, "fchmod of %s", SOCKET_NAME);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_sys(errno, "bind %s", SOCKET_NAME);
	if (fchmodat(slot, SOCKET_NAME, 0777, 0) < 0)
		return err_sys(errno, "chmod of %s", SOCKET_NAME);
	return fd_take(&fd);
}

static const char *find_manager(void)
{
	const char *manager = getenv("NOTIFY_SOCKET");

	return manager && *manager ? manager : NULL;
}

int notify_listen(int slot, struct notify *ret_notify)
{
	const char *manager = find_manager();
	struct notify notify = NOTIFY_NONE;

	*ret_notify = notify;
	if (!manager || faccessat(slot, NOTIFY_DIRECTORY, F_OK, 0) < 0)
		return 0;
	if (read_manager(manager, &notify))
		return err_code();
	notify.socket = bind_socket(slot);
	if (notify.socket < 0)
		return notify.socket;
	/* Opened anew: the lock goes with the other one. */
	notify.slot = fd_open(slot, ".", O_PATH | O_DIRECTORY, 0);
	if (notify.slot < 0) {
		notify_close(&notify);
		return err_code();
	}
	*ret_notify = notify;
	return 0;
}

static int tell(const struct notify *notify, const char *text, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec part = { (void *)text, strlen(text) };
	struct msghdr message = {
		.msg_name = (void *)&notify->manager,
		.msg_namelen = notify->manager_size,
		.msg_iov = &part,
		.msg_iovlen = 1,
	};
	struct timeval patience = { .tv_sec = TELL_SECONDS };
	_cleanup_close_ int to = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (to < 0)
		return err_sys(errno, "socket");
	setsockopt(to, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (fd >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(int));
	}
	if (sendmsg(to, &message, MSG_NOSIGNAL) < 0)
		return err_sys(errno == EAGAIN ? ETIMEDOUT : errno,
			       "NOTIFY_SOCKET: tell \"%.6s\"", text);
	return 0;
}

/* sd_notify_barrier(3): who sent it may not be gone before the manager has looked who it was. */
static int wait_for_manager(const struct notify *notify)
{
	_cleanup_close_ int ours = NO_FD, theirs = NO_FD;
	struct pollfd poll_fd;
	int fds[2], ready;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(errno, "pipe");
	ours = fds[0];
	theirs = fds[1];
	if (tell(notify, "BARRIER=1", theirs))
		return err_code();
	fd_close(fd_take(&theirs));
	poll_fd = (struct pollfd){ .fd = ours };
	ready = interrupt_poll(&poll_fd, 1, BARRIER_MS);
	if (ready == 0)
		return err_sys(ETIMEDOUT, "NOTIFY_SOCKET: nobody answers");
	return ready < 0 ? ready : 0;
}

/* The line of DATAGRAM that says READY=, ended where the line does; NULL: none. */
static char *find_ready(char *datagram)
{
	for (char *line = datagram; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, "READY=", 6) == 0) {
			line[strcspn(line, "\n")] = '\0';
			return line;
		}
	}
	return NULL;
}

/* Whoever saves the container tells it to who restores it. */
static int mark(int slot)
{
	_cleanup_close_ int fd =
		openat(slot, NOTIFY_MARK, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	return fd < 0 ? err_sys(errno, "make %s", NOTIFY_MARK) : 0;
}

static int tell_ready(const struct notify *notify, const char *line, pid_t main)
{
	char text[32];

	if (mark(notify->slot) || tell(notify, line, NO_FD))
		return err_code();
	if (main == 0)
		return 0;
	snprintf(text, sizeof(text), "MAINPID=%d", main);
	return tell(notify, text, NO_FD) ? err_code() : wait_for_manager(notify);
}

/* The container goes on all the same. */
static void warn(void)
{
	char text[ERR_TEXT_MAX + 128];

	err_text(err_last(), text, sizeof(text));
	err_clear();
	log_warning("%s", text);
}

void notify_take(struct notify *notify, pid_t main)
{
	char datagram[DATAGRAM_MAX];
	ssize_t size = recv(notify->socket, datagram, sizeof(datagram) - 1, MSG_DONTWAIT);
	char *line;

	if (size < 0)
		return;
	datagram[size] = '\0';
	line = find_ready(datagram);
	if (!line)
		return;
	if (tell_ready(notify, line, main))
		warn();
	notify_close(notify);
}

void notify_announce(int slot, pid_t main)
{
	struct notify notify = { .socket = NO_FD, .slot = slot };
	const char *manager = find_manager();

	if (manager ? read_manager(manager, &notify) || tell_ready(&notify, "READY=1", main)
		    : mark(slot))
		warn();
}

int notify_wait(struct notify *notify, pid_t pid, int pidfd)
{
	while (notify->socket >= 0) {
		struct pollfd polls[] = { { notify->socket, POLLIN, 0 }, { pidfd, POLLIN, 0 } };

		if (interrupt_poll(polls, 2, -1) < 0)
			return err_code();
		if (polls[0].revents)
			notify_take(notify, pid);
		else if (polls[1].revents)
			return 0;
	}
	return 0;
}

void notify_close(struct notify *notify)
{
	fd_close(fd_take(&notify->socket));
	fd_close(fd_take(&notify->slot));
}
