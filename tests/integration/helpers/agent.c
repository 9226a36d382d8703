/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent - a seccomp agent: agent MODE SOCKET [CALL ANSWER]...
 *
 * Listens at SOCKET, prints "ready" and, for each connection, the state that it
 * is sent, then serves its notifications.  CALL is a number; ANSWER an errno to
 * fail with, "continue" to let the kernel do it, "make" to do what mkdir(2) or
 * mkdirat(2) would with the name's suffix "-agent".  Calls that are not listed
 * continue.
 * MODE: serve      as said, until killed
 *       once       the same, but closes the listener at the first listed call
 *       deaf       listens, but never accepts; its queue is full
 *       shut       accepts and closes without reading
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define LISTENERS_MAX 16
#define NAME_BYTES 256

static int fds[1 + LISTENERS_MAX]; /* where connections come, then listeners */
static int fd_count;

static void die(const char *what)
{
	fprintf(stderr, "agent: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int listen_at(const char *path, int backlog)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		die(path);
	strcpy(address.sun_path, path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, backlog))
		die(path);
	return fd;
}

static void connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		die(path);
}

/* One message: the state, and one descriptor beside it. */
static void accept_one(int socket)
{
	static char state[1 << 16];
	char control[CMSG_SPACE(4 * sizeof(int))];
	int connection = accept4(socket, NULL, NULL, SOCK_CLOEXEC);
	struct iovec part = { state, sizeof(state) };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t size = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = size > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	char more;

	if (size < 0)
		die("receive");
	if (size == 0) {
		printf("nothing\n");
	} else if (!header || header->cmsg_len != CMSG_LEN(sizeof(int))) {
		printf("without one descriptor\n");
	} else {
		memcpy(&fds[fd_count++], CMSG_DATA(header), sizeof(int));
		printf("%.*s\n", (int)size, state);
		if (read(connection, &more, 1) != 0)
			printf("the connection goes on\n");
	}
	close(connection);
}

static int read_name(const struct seccomp_notif *call, char *name)
{
	char path[64];
	int argument = call->data.nr == SYS_mkdirat ? 1 : 0;
	int fd;
	ssize_t size;

	snprintf(path, sizeof(path), "/proc/%u/mem", call->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	size = pread(fd, name, NAME_BYTES - 1, (off_t)call->data.args[argument]);
	close(fd);
	if (size <= 0)
		return -1;
	name[size] = '\0';
	return 0;
}

static void make(const struct seccomp_notif *call, struct seccomp_notif_resp *answer)
{
	char name[NAME_BYTES], path[NAME_BYTES + 64];

	if (read_name(call, name)) {
		answer->error = -errno;
		return;
	}
	snprintf(path, sizeof(path), "/proc/%u/%s/%s-agent", call->pid,
		 name[0] == '/' ? "root" : "cwd", name);
	answer->error = mkdir(path, 0755) ? -errno : 0;
}

/* Returns 0 when the listener is to be closed. */
static int serve_one(int listener, int is_once, char **rules)
{
	struct seccomp_notif call = { 0 };
	struct seccomp_notif_resp answer = { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call))
		return errno == ENOENT || errno == EINTR;
	answer.id = call.id;
	for (; rules[0] && rules[1]; rules += 2) {
		if (atoi(rules[0]) != call.data.nr)
			continue;
		if (is_once)
			return 0;
		printf("call %d\n", call.data.nr);
		if (strcmp(rules[1], "continue") == 0)
			break;
		answer.flags = 0;
		if (strcmp(rules[1], "make") == 0)
			make(&call, &answer);
		else
			answer.error = -atoi(rules[1]);
		break;
	}
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0 || errno == ENOENT;
}

static void forget(int index)
{
	close(fds[index]);
	fds[index] = fds[--fd_count];
}

static void serve(int is_once, char **rules)
{
	struct pollfd polls[1 + LISTENERS_MAX];

	for (;;) {
		int count = fd_count;

		for (int i = 0; i < count; i++)
			polls[i] = (struct pollfd){ fds[i], POLLIN, 0 };
		if (poll(polls, (nfds_t)count, -1) < 0)
			die("poll");
		for (int i = count - 1; i > 0; i--)
			if ((polls[i].revents & POLLIN) && !serve_one(fds[i], is_once, rules))
				forget(i);
			else if (polls[i].revents & (POLLHUP | POLLERR))
				forget(i);
		if (polls[0].revents && fd_count <= LISTENERS_MAX)
			accept_one(fds[0]);
	}
}

int main(int argc, char **argv)
{
	const char *mode = argc > 2 ? argv[1] : "";
	int is_deaf = strcmp(mode, "deaf") == 0;

	if (argc < 3)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	umask(0);
	fds[fd_count++] = listen_at(argv[2], is_deaf ? 0 : 8);
	if (is_deaf)
		connect_to(argv[2]);
	printf("ready\n");
	while (is_deaf)
		pause();
	while (strcmp(mode, "shut") == 0)
		close(accept4(fds[0], NULL, NULL, SOCK_CLOEXEC));
	serve(strcmp(mode, "once") == 0, argv + 3);
}
