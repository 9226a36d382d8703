/* SPDX-License-Identifier: GPL-2.0-or-later */
/* logger - a program that gets what a container prints: binary://. */
#include "shim/io/logger.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

enum {
	READY_MS = 10000,
	END_MS = 12000, /* as long as Go's shim lets it live */
};

enum { PIPE_OUT, PIPE_ERR, PIPE_READY, PIPES };

void logger_init(struct logger *logger, void (*ended)(struct logger *logger))
{
	*logger = (struct logger){ .job = JOB_NONE, .ready = NO_FD, .ended = ended };
}

static void on_end(struct job *job, int status)
{
	struct logger *logger = owner_of(job, struct logger, job);

	(void)status;
	job_release(job);
	logger->ended(logger);
}

/* It reads 3 and 4 and writes 5; it outlives us, as it has not read all by then. */
static _Noreturn void execute(const struct job *job, const struct uri *uri, char *const *env,
			      int pipes[PIPES][2])
{
	size_t count = 0;
	char **args;
	int fds[PIPES];

	while (uri->words && uri->words[count])
		count++;
	args = xcalloc(count + 2, sizeof(*args));
	args[0] = uri->path;
	for (size_t i = 0; i < count; i++)
		args[i + 1] = uri->words[i];
	prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
	for (int i = 0; i < PIPES; i++)
		fds[i] = fcntl(pipes[i][i == PIPE_READY], F_DUPFD_CLOEXEC, 3 + PIPES);
	for (int i = 0; i < PIPES; i++)
		if (fds[i] < 0 || dup2(fds[i], 3 + i) < 0) {
			err_sys(errno, "descriptors of %s", uri->path);
			job_fail(job);
		}
	environ = (char **)env;
	command_execute(&(struct command){ args, { COMMAND_NULL, COMMAND_NULL, COMMAND_NULL } },
			job);
}

static int start(struct logger *logger, struct children *children, const struct uri *uri,
		 char *const *env, int pipes[PIPES][2])
{
	pid_t pid = children_fork(children, &logger->job, -1);

	if (pid == 0)
		execute(&logger->job, uri, env, pipes);
	return pid < 0 ? (int)pid : 0;
}

int logger_start(struct logger *logger, struct children *children, const struct uri *uri,
		 const char *const names[2], int ret_ends[2])
{
	_cleanup_free_ char *id = xprintf("CONTAINER_ID=%s", names[0]);
	_cleanup_free_ char *space = xprintf("CONTAINER_NAMESPACE=%s", names[1]);
	char *const env[] = { id, space, NULL };
	int pipes[PIPES][2], r = 0;

	for (int i = 0; i < PIPES; i++)
		if (pipe2(pipes[i], O_CLOEXEC) < 0) {
			r = err_sys(errno, "pipe");
			while (i-- > 0) {
				fd_close(pipes[i][0]);
				fd_close(pipes[i][1]);
			}
			return r;
		}
	logger->job.ended = on_end;
	logger->children = children;
	logger->needs_byte = uri->scheme == URI_BINARY_V2;
	r = start(logger, children, uri, env, pipes);
	fd_close(pipes[PIPE_OUT][0]);
	fd_close(pipes[PIPE_ERR][0]);
	fd_close(pipes[PIPE_READY][1]);
	logger->ready = pipes[PIPE_READY][0];
	for (int i = 0; i < 2; i++) {
		if (r < 0)
			fd_close(pipes[i][1]);
		else
			ret_ends[i] = pipes[i][1];
	}
	return r;
}

int logger_await(const struct logger *logger)
{
	struct pollfd poll_fd = { logger->ready, POLLIN, 0 };
	char byte, text[512];
	ssize_t n;

	if (poll(&poll_fd, 1, READY_MS) <= 0)
		return err_sys(ETIMEDOUT, "logging binary");
	n = read(logger->ready, &byte, 1);
	if (n < 0)
		return err_sys(errno, "logging binary");
	job_read(&logger->job, text, sizeof(text));
	if (*text)
		return err_refuse("%s", text);
	if (n == 0 && logger->needs_byte)
		return err_refuse("logging binary did not call ready");
	return 0;
}

bool logger_is_running(const struct logger *logger)
{
	return logger->job.pid > 0;
}

/* Not killed at once: it may have things to write. */
void logger_release(struct logger *logger)
{
	job_dismiss(&logger->job, logger->children, END_MS);
	fd_close(logger->ready);
	logger->ready = NO_FD;
}
