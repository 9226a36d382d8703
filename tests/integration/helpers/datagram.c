/* SPDX-License-Identifier: GPL-2.0-or-later */
/* datagram - be the daemon that listens at a unix socket: print the first packet that comes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char packet[65536];
	ssize_t size;

	if (argc != 2 || fd < 0)
		return 2;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[1]);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror(argv[1]);
		return 1;
	}
	alarm(20);
	size = recv(fd, packet, sizeof(packet), 0);
	if (size < 0)
		return 1;
	return fwrite(packet, 1, (size_t)size, stdout) == (size_t)size ? 0 : 1;
}
