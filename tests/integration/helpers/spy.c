/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spy - watch for processes that come into the container: what they hold and may do, SECONDS long. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static unsigned long long own_caps;

static unsigned long long field(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtoull(at + strlen(name), NULL, 16) : 0;
}

static int read_status(int process, char *text, size_t size)
{
	int fd = openat(process, "status", O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* One line for each thing that it has open and for its program. */
static void tell_link(int process, const char *what)
{
	char target[4096];
	ssize_t n = readlinkat(process, what, target, sizeof(target) - 1);

	if (n < 0)
		return;
	target[n] = '\0';
	printf("%s %s\n", what, target);
}

static void tell_descriptors(int process)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	char name[300];

	while (stream && (entry = readdir(stream)))
		if (entry->d_name[0] != '.') {
			snprintf(name, sizeof(name), "fd/%s", entry->d_name);
			tell_link(process, name);
		}
	if (stream)
		closedir(stream);
}

/* Those that are still what the runtime made them: their name is no program's. */
static void look_at(const char *pid)
{
	char path[300], status[4096];
	int process;

	snprintf(path, sizeof(path), "/proc/%s", pid);
	process = open(path, O_RDONLY | O_DIRECTORY);
	if (process < 0)
		return;
	if (read_status(process, status, sizeof(status)) &&
	    strncmp(status, "Name:\t/", 7) == 0) {
		printf("seen\n");
		if (field(status, "CapPrm:") & ~own_caps)
			printf("caps %llx\n", field(status, "CapPrm:"));
		if (!strstr(status, "Seccomp:\t2"))
			printf("unfiltered\n");
		tell_link(process, "exe");
		tell_link(process, "cwd");
		tell_descriptors(process);
		if (openat(process, "exe", O_WRONLY) >= 0)
			printf("exe can be written\n");
	}
	close(process);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 1);
	char status[4096];
	int self = open("/proc/self", O_RDONLY | O_DIRECTORY);

	if (self < 0 || !read_status(self, status, sizeof(status)))
		return 1;
	own_caps = field(status, "CapBnd:");
	printf("watching\n");
	while (time(NULL) < end) {
		DIR *proc = opendir("/proc");
		struct dirent *entry;

		while (proc && (entry = readdir(proc)))
			if (entry->d_name[0] > '0' && entry->d_name[0] <= '9')
				look_at(entry->d_name);
		if (proc)
			closedir(proc);
		fflush(stdout);
	}
	return 0;
}
