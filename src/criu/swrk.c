/* SPDX-License-Identifier: GPL-2.0-or-later */
/* swrk - CRIU at work for us: the program, and what is said between it and us. */
#include "criu/swrk.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "criu/child.h"
#include "criu/rpc.h"
#include "kernel/channel.h"
#include "kernel/interrupt.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"

#define GREETING_MS 30000 /* from its start until it says what it can do */
#define END_MS 10000
#define ANSWER_MAX 65536

/* In the child: become criu, or say why not. */
static _Noreturn void become(const struct criu_place *place, int null, int output, int report)
{
	child_become(place, null, output, report);
	channel_send(report, err_last(), sizeof(struct err), NULL, 0, NO_FD);
	_exit(127);
}

/* One report with the socket in it; then its end, upon the execution, or a failure. */
static int read_reports(int report, int *ret_socket)
{
	for (;;) {
		struct err err;
		int fd = NO_FD;
		ssize_t n = channel_receive(report, &err, sizeof(err), NULL, 0, &fd);

		if (n == -ECONNRESET && *ret_socket >= 0)
			return 0;
		if (n == -ECONNRESET)
			return err_refuse("criu was not started");
		if (n < 0)
			return err_while("start criu");
		if (err.code)
			return err_adopt(&err);
		fd_close(*ret_socket);
		*ret_socket = fd;
	}
}

static int launch(const struct criu_place *place, int output, struct criu *criu)
{
	_cleanup_close_ int null = fd_open(AT_FDCWD, "/dev/null", O_RDWR, 0);
	_cleanup_close_ int ours = NO_FD;
	int theirs;

	if (null < 0 || channel_open(&ours, &theirs))
		return err_code();
	criu->pid = fork();
	if (criu->pid == 0)
		become(place, null, output, theirs);
	fd_close(theirs);
	if (criu->pid > 0)
		return read_reports(ours, &criu->socket);
	criu->pid = 0;
	return err_sys(errno, "fork");
}

static int begin(const struct criu_place *place, struct criu *criu)
{
	_cleanup_close_ int output = NO_FD;
	int pipe_fds[2];

	if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_sys(errno, "pipe");
	criu->errors = pipe_fds[0];
	output = pipe_fds[1];
	if (launch(place, output, criu))
		return err_code();
	criu->pidfd = sys_pidfd_open(criu->pid, 0);
	return criu->pidfd < 0 ? err_sys(errno, "pidfd_open") : 0;
}

/* It has gone; what it said on the way out is all there is. */
static int explain_end(const struct criu *criu)
{
	char text[1024];
	ssize_t n;

	pidfd_has_ended(criu->pidfd, END_MS);
	n = read(criu->errors, text, sizeof(text) - 1);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	if (n <= 0)
		return err_refuse("criu ended without an answer");
	text[n] = '\0';
	return err_refuse("criu ended without an answer: %s", text);
}

static int send_message(const struct criu *criu, const struct buf *message)
{
	int r = channel_send(criu->socket, message->text, message->size, NULL, 0, NO_FD);

	if (r != -EPIPE && r != -ECONNRESET)
		return r;
	err_clear();
	return explain_end(criu);
}

static int receive(const struct criu *criu, int timeout_ms, struct criu_answer *ret_answer,
		   int *ret_fd)
{
	static char bytes[ANSWER_MAX];
	struct pollfd poll_fd = { criu->socket, POLLIN, 0 };
	_cleanup_close_ int fd = NO_FD;
	int ready = interrupt_poll(&poll_fd, 1, timeout_ms);
	ssize_t size;

	if (ready <= 0)
		return ready < 0 ? ready : err_sys(ETIMEDOUT, "criu does not answer");
	size = channel_receive(criu->socket, bytes, 1, bytes + 1, sizeof(bytes) - 1, &fd);
	if (size == -ECONNRESET)
		return explain_end(criu);
	if (size < 0 || rpc_decode(bytes, (size_t)size + 1, ret_answer))
		return err_while("criu");
	*ret_fd = fd_take(&fd);
	return 0;
}

static int question(struct criu *criu, enum criu_action action, struct criu_answer *ret_answer)
{
	_cleanup_buf_ struct buf message = { 0 };
	_cleanup_close_ int fd = NO_FD;

	if (rpc_encode_short(action, true, &message) || send_message(criu, &message) ||
	    receive(criu, GREETING_MS, ret_answer, &fd))
		return err_code();
	return 0;
}

/* One that does not know the question is older than all that we could use. */
static int check_version(struct criu *criu)
{
	struct criu_answer answer = { 0 };

	if (question(criu, CRIU_VERSION, &answer))
		return err_code();
	criu->version = answer.version;
	if (answer.action == CRIU_VERSION && answer.is_success &&
	    answer.version >= CRIU_VERSION_MIN)
		return 0;
	return err_lack("criu %u.%u.%u is too old: %u.%u is needed", answer.version / 10000,
			answer.version / 100 % 100, answer.version % 100,
			CRIU_VERSION_MIN / 10000, CRIU_VERSION_MIN / 100 % 100);
}

static int greet(struct criu *criu)
{
	struct criu_answer answer = { 0 };

	if (check_version(criu) || question(criu, CRIU_FEATURES, &answer))
		return err_code();
	if (answer.is_success)
		criu->features = answer.features;
	return 0;
}

bool criu_is_built(void)
{
	return rpc_is_built();
}

int criu_start(const struct criu_place *place, struct criu *ret_criu)
{
	*ret_criu = (struct criu)CRIU_NONE;
	if (!criu_is_built())
		return rpc_decode(NULL, 0, NULL);
	if (begin(place, ret_criu) == 0 && greet(ret_criu) == 0)
		return 0;
	criu_stop(ret_criu);
	return err_while("checkpoint and restore need CRIU");
}

int criu_ask(const struct criu *criu, const struct criu_request *request)
{
	_cleanup_buf_ struct buf message = { 0 };

	if (rpc_encode(request, &message))
		return err_code();
	return send_message(criu, &message) ? err_while("criu") : 0;
}

int criu_listen(const struct criu *criu, struct criu_answer *ret_answer, int *ret_fd)
{
	return receive(criu, -1, ret_answer, ret_fd);
}

int criu_reply(const struct criu *criu, bool goes_on)
{
	_cleanup_buf_ struct buf message = { 0 };

	if (rpc_encode_short(CRIU_NOTIFY, goes_on, &message))
		return err_code();
	return send_message(criu, &message) ? err_while("criu") : 0;
}

void criu_kill(const struct criu *criu)
{
	if (criu->pidfd >= 0)
		sys_pidfd_send_signal(criu->pidfd, SIGKILL);
}

void criu_stop(struct criu *criu)
{
	fd_close(fd_take(&criu->socket));
	if (criu->pid > 0) {
		if (criu->pidfd >= 0 && !pidfd_has_ended(criu->pidfd, END_MS))
			criu_kill(criu);
		while (waitpid(criu->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	criu->pid = 0;
	fd_close(fd_take(&criu->pidfd));
	fd_close(fd_take(&criu->errors));
}
