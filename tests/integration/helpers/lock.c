/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lock FILE NOTE - take the lock of FILE, make NOTE, and hold the lock until the end. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd = argc == 3 ? open(argv[1], O_RDWR | O_CREAT, 0666) : -1;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || creat(argv[2], 0666) < 0) {
		perror("lock");
		return 1;
	}
	for (;;)
		pause();
}
