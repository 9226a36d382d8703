/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child - run a helper program and wait for it. */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

#define ERROR_MAX 1024

static _Noreturn void execute_helper(char *const *args, int null, int output)
{
	static char *const no_env[] = { NULL };

	if (dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(output, 2) < 0)
		_exit(126);
	signal(SIGPIPE, SIG_DFL);
	execve(args[0], args, no_env);
	_exit(127);
}

static _Noreturn void execute_program(char *const *args, int null, int output)
{
	if (dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
		_exit(126);
	signal(SIGPIPE, SIG_DFL);
	execvp(args[0], args);
	dprintf(2, "%s", err_name(errno));
	_exit(127);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/*
 * Read until the end or the deadline, LIMIT bytes at most; what comes behind
 * them is thrown away.  False when time ran out first.
 */
static bool read_output(int fd, struct buf *out, size_t limit, int timeout_ms)
{
	struct pollfd poll_fd = { fd, POLLIN, 0 };
	int64_t deadline = now() + timeout_ms;

	for (;;) {
		int64_t left = deadline - now();
		char bytes[4096];
		ssize_t n;

		if (left <= 0 || poll(&poll_fd, 1, (int)left) == 0)
			return false;
		n = read(fd, bytes, sizeof(bytes));
		if (n <= 0)
			return true;
		if ((size_t)n > limit - out->size)
			n = (ssize_t)(limit - out->size);
		buf_add(out, bytes, (size_t)n);
	}
}

/* How a program began by `execute` ends; OUT takes what it writes. */
static int run(void (*execute)(char *const *, int, int), char *const *args, size_t limit,
	       int timeout_ms, struct buf *out)
{
	_cleanup_close_ int null = fd_open(AT_FDCWD, "/dev/null", O_RDWR, 0);
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
	is_in_time = pid < 0 || read_output(output[0], out, limit, timeout_ms);
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
	if (out->size)
		out->text[strcspn(out->text, "\n")] = '\0';
	return err_refuse("%s: %s", args[0], out->size ? out->text : "failed");
}

int child_run(char *const *args, int timeout_ms)
{
	_cleanup_buf_ struct buf said = { 0 };

	return run(execute_helper, args, ERROR_MAX, timeout_ms, &said);
}

int child_output(char *const *args, int timeout_ms, struct buf *out)
{
	_cleanup_buf_ struct buf written = { 0 };
	int r = run(execute_program, args, CHILD_OUTPUT_MAX, timeout_ms, &written);

	if (r == 0 && written.size)
		buf_add(out, written.text, written.size);
	return r;
}
