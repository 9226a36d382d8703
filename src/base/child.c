/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child - run a helper program and wait for it. */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

#define OUTPUT_MAX 1024

static _Noreturn void execute(char *const *args, int null, int output)
{
	static char *const no_env[] = { NULL };

	if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(output, 2) < 0)
		_exit(126);
	signal(SIGPIPE, SIG_DFL);
	execve(args[0], args, no_env);
	_exit(127);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Read until the end or the deadline; false when time ran out first. */
static bool read_output(int fd, char *text, size_t size, int timeout_ms)
{
	struct pollfd poll_fd = { fd, POLLIN, 0 };
	int64_t deadline = now() + timeout_ms;
	size_t used = 0;

	for (;;) {
		int64_t left = deadline - now();
		char bytes[256];
		ssize_t n;

		if (left <= 0 || poll(&poll_fd, 1, (int)left) == 0)
			return false;
		n = read(fd, bytes, sizeof(bytes));
		if (n <= 0)
			break;
		if ((size_t)n > size - 1 - used)
			n = (ssize_t)(size - 1 - used);
		memcpy(text + used, bytes, (size_t)n);
		used += (size_t)n;
	}
	text[used] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return true;
}

int child_run(char *const *args, int timeout_ms)
{
	_cleanup_close_ int null = fd_open(AT_FDCWD, "/dev/null", O_RDWR, 0);
	char text[OUTPUT_MAX] = "";
	bool is_in_time;
	int output[2], status;
	pid_t pid;

	if (null < 0)
		return null;
	if (pipe2(output, O_CLOEXEC) < 0)
		return err_sys(errno, "pipe");
	pid = fork();
	if (pid == 0)
		execute(args, null, output[1]);
	fd_close(output[1]);
	is_in_time = pid < 0 || read_output(output[0], text, sizeof(text), timeout_ms);
	fd_close(output[0]);
	if (pid < 0)
		return err_sys(errno, "fork");
	if (!is_in_time)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!is_in_time)
		return err_sys(ETIMEDOUT, "%s", args[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return err_refuse("%s: %s", args[0], *text ? text : "failed");
}
