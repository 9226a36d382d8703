/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify - both ends of sd_notify(3) for the tests.
 *
 * notify send TEXT...          each TEXT as a datagram to $NOTIFY_SOCKET
 * notify listen SOCKET FILE    as a service manager: one line in FILE for each datagram, with
 *                              the sender's pid; descriptors that come along are closed
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un address = { .sun_family = AF_UNIX };
static socklen_t size;

static void name(const char *text)
{
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", text);
	size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(text) +
			   (*text == '/'));
	if (*text == '@')
		address.sun_path[0] = '\0';
}

static int receive(int fd, FILE *file)
{
	char text[4096], control[256];
	struct iovec part = { text, sizeof(text) - 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t length = recvmsg(fd, &message, 0);
	int pid = 0, fds = 0;

	if (length < 0)
		return 1;
	text[length] = '\0';
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
		if (c->cmsg_type == SCM_CREDENTIALS)
			memcpy(&pid, CMSG_DATA(c), sizeof(pid));
		if (c->cmsg_type == SCM_RIGHTS)
			memcpy(&fds, CMSG_DATA(c), sizeof(fds));
	}
	fprintf(file, "%d %s%s\n", pid, text, fds ? " with a descriptor" : "");
	fflush(file);
	return fds && close(fds);
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), one = 1;

	if (!strcmp(verb, "listen") && argc == 4) {
		FILE *file = fopen(argv[3], "w");

		name(argv[2]);
		if (!file || bind(fd, (struct sockaddr *)&address, size) < 0 ||
		    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &one, sizeof(one)) < 0)
			return perror("notify"), 1;
		for (;;)
			if (receive(fd, file))
				return 1;
	}
	if (strcmp(verb, "send") != 0 || !getenv("NOTIFY_SOCKET"))
		return fprintf(stderr, "notify: wrong call, or no NOTIFY_SOCKET\n"), 2;
	name(getenv("NOTIFY_SOCKET"));
	for (int i = 2; i < argc; i++)
		if (sendto(fd, argv[i], strlen(argv[i]), 0, (struct sockaddr *)&address, size) <
		    0)
			return perror("notify: send"), 1;
	return 0;
}
