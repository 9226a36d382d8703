/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * onlooker - what of others can be seen in /proc, until a file is there.
 *
 *   onlooker STOP-FILE PATH
 *
 * Prints a line for each thing of a process that was not there at first which leads out: its
 * program when that is the runtime's, PATH below its root, a descriptor with a path.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void look_at_fds(int pid)
{
	char path[64], target[PATH_MAX];
	struct dirent *entry;
	DIR *stream;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	stream = opendir(path);
	while (stream && (entry = readdir(stream))) {
		ssize_t size =
			readlinkat(dirfd(stream), entry->d_name, target, sizeof(target) - 1);

		if (size <= 0)
			continue;
		target[size] = '\0';
		if (atoi(entry->d_name) > 2)
			printf("descriptor %s of %d: %s\n", entry->d_name, pid, target);
	}
	if (stream)
		closedir(stream);
}

static void look_at(int pid, const char *wanted)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	size = readlink(path, target, sizeof(target) - 1);
	target[size < 0 ? 0 : size] = '\0';
	if (strstr(target, "tare"))
		printf("program of %d: %s\n", pid, target);
	snprintf(path, sizeof(path), "/proc/%d/root%s", pid, wanted);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		printf("root of %d: %s\n", pid, wanted);
		close(fd);
	}
	look_at_fds(pid);
}

int main(int argc, char **argv)
{
	long count = 0;

	if (argc != 3)
		return 2;
	while (access(argv[1], F_OK) < 0) {
		DIR *stream = opendir("/proc");
		struct dirent *entry;

		while (stream && (entry = readdir(stream)))
			if (atoi(entry->d_name) > 1) {
				look_at(atoi(entry->d_name), argv[2]);
				count++;
			}
		if (stream)
			closedir(stream);
	}
	printf("looked %ld times\n", count);
	return 0;
}
