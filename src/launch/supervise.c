/* SPDX-License-Identifier: GPL-2.0-or-later */
/* supervise - stay with a container in the foreground. */
#include "launch/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/syscalls.h"
#include "kernel/terminal.h"
#include "launch/relay.h"

#define DRAIN_MS 50
#define DRAIN_LIMIT_MS 5000 /* more than a reader needs who reads at all */

struct supervisor {
	pid_t pid;
	int pidfd;
	int signals;
	int console;
	int terminal; /* ours; NO_FD: none */
	struct notify *notify;
	bool has_ended;
	int status; /* of waitpid(2) */
};

/* Our child, and what the container left to us as a subreaper. */
static void reap(struct supervisor *supervisor)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == supervisor->pid) {
			supervisor->has_ended = true;
			supervisor->status = status;
		}
}

static void take_signal(struct supervisor *supervisor)
{
	struct signalfd_siginfo info;

	if (read(supervisor->signals, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGCHLD:
		reap(supervisor);
		break;
	case SIGURG:
		break;
	case SIGWINCH:
		if (supervisor->console >= 0 && supervisor->terminal >= 0 &&
		    terminal_copy_size(supervisor->terminal, supervisor->console))
			err_clear();
		break;
	default:
		sys_pidfd_send_signal(supervisor->pidfd, (int)info.ssi_signo);
	}
}

/* The first of our descriptors that is a terminal, else the one that controls us. */
static int find_terminal(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (isatty(fd))
			return fcntl(fd, F_DUPFD_CLOEXEC, 3);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	return fd < 0 ? NO_FD : fd;
}

void supervise_resize(int console)
{
	_cleanup_close_ int terminal = find_terminal();

	if (terminal >= 0 && terminal_copy_size(terminal, console))
		err_clear(); /* without a size it is still a terminal */
}

static void serve(struct supervisor *supervisor, struct relay *in, struct relay *out)
{
	while (!supervisor->has_ended) {
		struct pollfd polls[] = {
			{ supervisor->signals, POLLIN, 0 },
			{ supervisor->notify->socket, POLLIN, 0 },
			in ? relay_poll(in) : (struct pollfd){ .fd = -1 },
			out ? relay_poll(out) : (struct pollfd){ .fd = -1 },
		};

		if (poll(polls, ARRAY_SIZE(polls), -1) < 0 && errno != EINTR)
			return;
		if (polls[0].revents)
			take_signal(supervisor);
		/* The main process of the service is us. */
		if (polls[1].revents)
			notify_take(supervisor->notify, 0);
		if (in)
			relay_move(in, &polls[2]);
		if (out)
			relay_move(out, &polls[3]);
	}
	if (out)
		relay_drain(out, DRAIN_MS, DRAIN_LIMIT_MS);
}

static int serve_terminal(struct supervisor *supervisor)
{
	_cleanup_terminal_ struct terminal saved = { .fd = NO_FD };
	static struct relay in, out;

	in = (struct relay){ .from = STDIN_FILENO, .to = supervisor->console };
	out = (struct relay){ .from = supervisor->console, .to = STDOUT_FILENO };
	if (fcntl(supervisor->console, F_SETFL, O_NONBLOCK) < 0)
		return err_sys(errno, "terminal of the container");
	if (supervisor->terminal >= 0 && terminal_make_raw(supervisor->terminal, &saved))
		err_clear();
	serve(supervisor, &in, &out);
	return 0;
}

int supervise_run(pid_t pid, int pidfd, int console, struct notify *notify)
{
	_cleanup_close_ int signals = NO_FD, terminal = NO_FD;
	struct supervisor supervisor = {
		.pid = pid, .pidfd = pidfd, .console = console, .notify = notify
	};
	sigset_t all;

	sigfillset(&all);
	signals = signalfd(-1, &all, SFD_CLOEXEC);
	if (signals < 0)
		return err_sys(errno, "signalfd");
	supervisor.signals = signals;
	terminal = console >= 0 ? find_terminal() : NO_FD;
	supervisor.terminal = terminal;
	reap(&supervisor);
	if (console < 0)
		serve(&supervisor, NULL, NULL);
	else if (serve_terminal(&supervisor))
		return err_code();
	if (WIFSIGNALED(supervisor.status))
		return 128 + WTERMSIG(supervisor.status);
	return WEXITSTATUS(supervisor.status);
}
