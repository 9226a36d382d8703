/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hook - run the programs that config.json's "hooks" names, in the runtime's process. */
#include "hooks/hook.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "hooks/capture.h"
#include "hooks/child.h"
#include "kernel/deadline.h"
#include "kernel/interrupt.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"

/* How long a hook may take to be gone after SIGKILL. */
#define KILLED_MS 5000

/* How much of a hook's output an error quotes. */
#define STDOUT_QUOTED 400
#define STDERR_QUOTED 1100

/* A hook on its way. */
struct run {
	const struct hook *hook;
	pid_t group; /* its process group */
	pid_t pid;
	int pidfd;
	int in; /* where its stdin is fed; NO_FD: done */
	const char *rest;
	size_t left;
	struct capture out;
	struct capture err;
	bool has_timed_out;
	int status; /* as waitpid(2) says */
};

/* clang-format off */
static const char *const report_words[] = {
	[HOOK_CANNOT_SET_DESCRIPTORS] = "set up descriptors for",
	[HOOK_CANNOT_OPEN]            = "open",
	[HOOK_CANNOT_JOIN]            = "join the container's namespaces for",
	[HOOK_CANNOT_BECOME_ROOT]     = "become root of the container for",
	[HOOK_CANNOT_FORK]            = "fork for",
	[HOOK_CANNOT_CHDIR]           = "change to the bundle for",
	[HOOK_CANNOT_EXECUTE]         = "exec",
};
/* clang-format on */

/* Signals as they must be while a hook runs, and as they were. */
struct signals {
	sigset_t mask;
	struct sigaction pipe;
	struct sigaction child;
};

/*
 * A hook may close its stdin early, and its exit status must not get lost
 * because our caller ignored SIGCHLD.
 */
static void signals_set(struct signals *saved)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction normal = { .sa_handler = SIG_DFL };

	sigaction(SIGPIPE, &ignore, &saved->pipe);
	sigaction(SIGCHLD, &normal, &saved->child);
}

static void signals_restore(const struct signals *saved)
{
	sigaction(SIGPIPE, &saved->pipe, NULL);
	sigaction(SIGCHLD, &saved->child, NULL);
}

static void pipes_close(struct hook_pipes *pipes)
{
	int *fds[] = { pipes->in, pipes->out, pipes->err, pipes->report };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		fd_close(fds[i][0]);
		fd_close(fds[i][1]);
	}
}

/* A pipe that nobody reads does not keep us; what the hook gets blocks as usual. */
static int open_file(const char *path, int pipe_fds[2])
{
	int fd = fd_open(AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY,
			 0600);

	if (fd < 0)
		return fd;
	fcntl(fd, F_SETFL, O_APPEND);
	fd_close(fd_take(&pipe_fds[0]));
	fd_close(pipe_fds[1]);
	pipe_fds[1] = fd;
	return 0;
}

static int files_open(const struct hook_list *list, struct hook_pipes *pipes)
{
	if ((list->out && open_file(list->out, pipes->out)) ||
	    (list->err && open_file(list->err, pipes->err)))
		return err_while("output of hooks");
	return 0;
}

static int pipes_open(struct hook_pipes *pipes)
{
	*pipes = (struct hook_pipes){
		{ NO_FD, NO_FD }, { NO_FD, NO_FD }, { NO_FD, NO_FD }, { NO_FD, NO_FD }
	};
	if (pipe2(pipes->in, O_CLOEXEC) < 0 || pipe2(pipes->out, O_CLOEXEC) < 0 ||
	    pipe2(pipes->err, O_CLOEXEC) < 0 || pipe2(pipes->report, O_CLOEXEC) < 0)
		return err_sys(errno, "pipe");
	/* Only our ends: the other one is a file description of its own. */
	fcntl(pipes->in[1], F_SETFL, O_NONBLOCK);
	fcntl(pipes->out[0], F_SETFL, O_NONBLOCK);
	fcntl(pipes->err[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/* No handler of ours may run in the child, so everything is blocked over the fork. */
static pid_t fork_hook(const struct hook_start *start)
{
	sigset_t all;
	sigset_t before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		hook_child(start);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static void reap(pid_t pid, int *ret_status)
{
	while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
		continue;
}

/* The group's first process goes last: its number is the group's. */
static void reap_all(struct run *run)
{
	reap(run->pid, &run->status);
	if (run->group != run->pid)
		reap(run->group, NULL);
}

/*
 * Listen to the child until the hook runs, or hear why it does not.  With one in between there
 * are two who speak, in any order, so all is heard until both have closed their end: execve(2)
 * does that, too.
 */
static int await_start(struct run *run, int reports)
{
	struct hook_report report, failure = { .kind = HOOK_IS_PID };
	ssize_t n;

	while ((n = read(reports, &report, sizeof(report))) == (ssize_t)sizeof(report) ||
	       (n < 0 && errno == EINTR)) {
		if (n > 0 && report.kind == HOOK_IS_PID)
			run->pid = report.value;
		else if (n > 0)
			failure = report;
	}
	if (failure.kind == HOOK_IS_PID)
		return 0;
	reap_all(run);
	return err_sys(failure.value, "%s %s", report_words[failure.kind], run->hook->path);
}

static int start_hook(struct run *run, struct hook_start *start)
{
	struct hook_pipes *pipes = &start->pipes;
	int r;

	run->pid = fork_hook(start);
	if (run->pid < 0)
		return err_sys(errno, "fork");
	run->group = run->pid;
	setpgid(run->pid, run->pid); /* whoever comes first */
	fd_close(fd_take(&pipes->report[1]));
	r = await_start(run, pipes->report[0]);
	if (r < 0)
		return r;
	run->pidfd = sys_pidfd_open(run->pid, 0);
	if (run->pidfd < 0) {
		r = err_sys(errno, "pidfd_open");
		kill(run->pid, SIGKILL);
		reap_all(run);
		return r;
	}
	run->in = fd_take(&pipes->in[1]);
	run->out.fd = fd_take(&pipes->out[0]);
	run->err.fd = fd_take(&pipes->err[0]);
	return 0;
}

/* Give the hook more of its state; at the end its stdin is closed. */
static void feed(struct run *run)
{
	ssize_t n = write(run->in, run->rest, run->left);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n >= 0) {
		run->rest += n;
		run->left -= (size_t)n;
	}
	if (n < 0 || run->left == 0)
		fd_close(fd_take(&run->in)); /* all read, or not wanted */
}

/* Serve the pipes until the hook ends: 1; 0 when time is up, -EINTR when it was interrupted. */
static int serve(struct run *run, const struct deadline *deadline)
{
	for (;;) {
		struct pollfd polls[] = {
			{ .fd = run->pidfd, .events = POLLIN },
			{ .fd = run->out.fd, .events = POLLIN },
			{ .fd = run->err.fd, .events = POLLIN },
			{ .fd = run->in, .events = POLLOUT },
		};

		int r = interrupt_poll(polls, ARRAY_SIZE(polls), deadline_left(deadline));

		if (r < 0)
			return r;
		if (polls[1].revents)
			capture_read(&run->out);
		if (polls[2].revents)
			capture_read(&run->err);
		if (polls[0].revents)
			return 1;
		if (polls[3].revents)
			feed(run);
		if (deadline_left(deadline) == 0)
			return 0;
	}
}

/* The hook's group cannot be another one's: its first process is not waited for yet. */
static bool kill_hook(struct run *run)
{
	kill(-run->group, SIGKILL);
	sys_pidfd_send_signal(run->pidfd, SIGKILL);
	return pidfd_has_ended(run->pidfd, KILLED_MS);
}

static int await_end(struct run *run)
{
	int timeout = run->hook->timeout;
	struct deadline deadline;
	int r;

	if (timeout > INT_MAX / 1000)
		timeout = INT_MAX / 1000;
	deadline = deadline_in(timeout > 0 ? timeout * 1000 : -1);
	r = serve(run, &deadline);
	run->has_timed_out = r == 0;
	if (r != 1 && !kill_hook(run))
		return r < 0 ? r : err_refuse("%s: the hook does not end", run->hook->path);
	reap_all(run);
	/* What it left in its pipes; a grandchild may hold them open for ever. */
	capture_read(&run->out);
	capture_read(&run->err);
	return r < 0 ? err_while("%s", run->hook->path) : 0;
}

/* How it ended, as Go's os/exec puts it. */
static void describe_end(const struct run *run, char *out, size_t size)
{
	char name[64];

	if (run->has_timed_out) {
		snprintf(out, size, "hook ran past specified timeout of %d.0s",
			 run->hook->timeout);
	} else if (WIFSIGNALED(run->status)) {
		snprintf(name, sizeof(name), "%s", strsignal(WTERMSIG(run->status)));
		name[0] = (char)tolower((unsigned char)name[0]);
		snprintf(out, size, "signal: %s%s", name,
			 WCOREDUMP(run->status) ? " (core dumped)" : "");
	} else {
		snprintf(out, size, "exit status %d", WEXITSTATUS(run->status));
	}
}

/* What an error says of it: FILE it went to, or the last of it. */
static const char *quote(const char *file, struct capture *capture, size_t limit)
{
	return file ? file : capture_text(capture, limit);
}

static int judge(const struct hook_list *list, struct run *run)
{
	char end[128];

	if (!run->has_timed_out && WIFEXITED(run->status) && WEXITSTATUS(run->status) == 0)
		return 0;
	describe_end(run, end, sizeof(end));
	return err_refuse("%s: %s, stdout: %s, stderr: %s", run->hook->path, end,
			  quote(list->out, &run->out, STDOUT_QUOTED),
			  quote(list->err, &run->err, STDERR_QUOTED));
}

static int run_one(struct hook_start *start, const char *state)
{
	struct run run = {
		.hook = start->hook,
		.pid = -1,
		.pidfd = NO_FD,
		.in = NO_FD,
		.rest = state,
		.left = strlen(state),
		.out.fd = NO_FD,
		.err.fd = NO_FD,
	};
	struct signals saved;
	int r = pipes_open(&start->pipes);

	signals_set(&saved);
	if (r == 0)
		r = files_open(start->list, &start->pipes);
	if (r == 0)
		r = start_hook(&run, start);
	pipes_close(&start->pipes);
	if (r == 0)
		r = await_end(&run);
	signals_restore(&saved);
	fd_close(run.pidfd);
	fd_close(run.in);
	fd_close(run.out.fd);
	fd_close(run.err.fd);
	return r < 0 ? r : judge(start->list, &run);
}

/* Hook number INDEX of LIST. */
static int run_hook(const struct hook_list *list, size_t index, struct hook_start *start,
		    const char *state)
{
	start->hook = &list->items[index];
	if (run_one(start, state))
		return err_while("error running %s hook #%zu", list->kind, index);
	log_debug("%s hook #%zu: %s: done", list->kind, index, start->hook->path);
	return 0;
}

int hooks_run(const struct hook_list *list, const struct hook_place *place, const char *cwd,
	      const char *state)
{
	struct hook_start start = { .list = list, .place = place, .cwd = cwd };
	int r = 0;

	for (size_t i = 0; i < list->count && r == 0; i++)
		r = run_hook(list, i, &start, state);
	return r;
}

void hooks_run_all(const struct hook_list *list, const char *cwd, const char *state)
{
	struct hook_start start = { .list = list, .cwd = cwd };

	for (size_t i = 0; i < list->count; i++) {
		char text[ERR_TEXT_MAX + 128];

		if (run_hook(list, i, &start, state) == 0)
			continue;
		err_text(err_last(), text, sizeof(text));
		log_warning("%s", text);
		err_clear();
	}
}
