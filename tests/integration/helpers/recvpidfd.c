/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recvpidfd - take a pidfd from a socket; say whose it is, signal it, and say when it has ended. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "recvpidfd: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int accept_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int connection;

	if (fd < 0)
		die("socket");
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
		die(path);
	connection = accept(fd, NULL, NULL);
	if (connection < 0)
		die("accept");
	close(fd);
	return connection;
}

/* What came with the descriptor goes to stdout. */
static int receive(int connection)
{
	char payload[64] = "", control[CMSG_SPACE(4 * sizeof(int))];
	struct iovec part = { payload, sizeof(payload) - 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;
	int fd;

	if (recvmsg(connection, &message, MSG_CMSG_CLOEXEC) < 0)
		die("recvmsg");
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_type != SCM_RIGHTS ||
	    header->cmsg_len != CMSG_LEN(sizeof(int))) {
		fprintf(stderr, "recvpidfd: not one descriptor came\n");
		exit(1);
	}
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	printf("payload %s\n", payload);
	return fd;
}

static void print_pid(int pidfd)
{
	char path[64], line[128];
	FILE *info;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	info = fopen(path, "re");
	if (!info)
		die(path);
	while (fgets(line, sizeof(line), info))
		if (strncmp(line, "Pid:", 4) == 0)
			printf("pid %d\n", atoi(line + 4));
	fclose(info);
}

/* recvpidfd SOCKET [SIGNAL] */
int main(int argc, char **argv)
{
	struct pollfd poll_fd = { .events = POLLIN };

	if (argc < 2)
		return 2;
	poll_fd.fd = receive(accept_at(argv[1]));
	print_pid(poll_fd.fd);
	fflush(stdout);
	if (argc > 2 && syscall(SYS_pidfd_send_signal, poll_fd.fd, atoi(argv[2]), NULL, 0) < 0)
		die("pidfd_send_signal");
	if (poll(&poll_fd, 1, 20000) != 1)
		return 1;
	printf("ended\n");
	return 0;
}
