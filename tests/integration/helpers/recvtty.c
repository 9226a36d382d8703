/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recvtty - take one descriptor from a socket; copy what the terminal says into a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "recvtty: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		die(path);
	}
	strcpy(address.sun_path, path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
		die(path);
	return fd;
}

/* What came with the descriptor goes to stdout. */
static int receive(int connection)
{
	char payload[4096], control[CMSG_SPACE(4 * sizeof(int))];
	struct iovec part = { payload, sizeof(payload) - 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t size = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int fd;

	if (size < 0 || !header || header->cmsg_type != SCM_RIGHTS)
		die("no descriptor came");
	if (header->cmsg_len != CMSG_LEN(sizeof(int))) {
		fprintf(stderr, "recvtty: more than one descriptor came\n");
		exit(1);
	}
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	payload[size] = '\0';
	printf("payload %s\n", payload);
	return fd;
}

static void describe(int fd)
{
	struct winsize window = { 0 };

	if (!isatty(fd)) {
		printf("not a terminal\n");
		return;
	}
	ioctl(fd, TIOCGWINSZ, &window);
	printf("terminal %hux%hu\n", window.ws_row, window.ws_col);
}

int main(int argc, char **argv)
{
	char text[4096];
	ssize_t got;
	int socket, terminal, out;

	if (argc < 3) {
		fprintf(stderr, "usage: recvtty SOCKET OUTPUT [INPUT]\n");
		return 2;
	}
	socket = listen_at(argv[1]);
	alarm(60);
	terminal = receive(accept4(socket, NULL, NULL, SOCK_CLOEXEC));
	describe(terminal);
	fflush(stdout);
	out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (out < 0)
		die(argv[2]);
	if (argc > 3 && write(terminal, argv[3], strlen(argv[3])) < 0)
		die("write to the terminal");
	while ((got = read(terminal, text, sizeof(text))) > 0)
		if (write(out, text, (size_t)got) != got)
			die(argv[2]);
	return 0;
}
