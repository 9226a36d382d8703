/* SPDX-License-Identifier: GPL-2.0-or-later */
/* children - processes that we started or that were left to us, and how they ended. */
#include "shim/loop/children.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "kernel/syscalls.h"
#include "shim/loop/note.h"

#define SAID_MAX (4 << 20) /* bytes of what a job says that are looked at */

static const int caught[] = { SIGCHLD, SIGTERM, SIGINT, SIGUSR1 };

static struct job *job_of(struct list *link)
{
	return owner_of(link, struct job, link);
}

static struct job *find(struct children *children, pid_t pid)
{
	list_each(cursor, rest,
		  &children->jobs) if (job_of(cursor)->pid == pid) return job_of(cursor);
	return NULL;
}

static void end(struct children *children, pid_t pid, int status)
{
	struct job *job = find(children, pid);

	if (!job) {
		children->left(children, pid, status);
		return;
	}
	list_remove(&job->link);
	timer_stop(&job->deadline);
	job->pid = 0;
	job->ended(job, status);
}

static void reap(struct children *children)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG | __WALL);

		if (pid == 0 || (pid < 0 && errno != EINTR))
			return;
		if (pid > 0)
			end(children, pid, status);
	}
}

static void on_signal(struct watch *watch, uint32_t events)
{
	struct children *children = owner_of(watch, struct children, signals);
	struct signalfd_siginfo info;

	(void)events;
	if (read(watch->fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD)
		reap(children);
	else
		children->asked(children, (int)info.ssi_signo);
}

static sigset_t caught_set(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(caught); i++)
		sigaddset(&set, caught[i]);
	return set;
}

/* Each process of a container needs up to nine. */
static void lift_limit(struct children *children)
{
	struct rlimit most;

	if (getrlimit(RLIMIT_NOFILE, &children->files) < 0)
		return;
	most = (struct rlimit){ children->files.rlim_max, children->files.rlim_max };
	setrlimit(RLIMIT_NOFILE, &most);
}

int children_init(struct children *children, struct loop *loop)
{
	sigset_t set = caught_set();

	children->loop = loop;
	children->dismissed = 0;
	list_init(&children->jobs);
	lift_limit(children);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL); /* ignored ones are not told of */
	children->signals.ready = on_signal;
	children->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (children->signals.fd < 0)
		return err_sys(errno, "signalfd");
	return watch_start(loop, &children->signals, EPOLLIN);
}

void children_release(struct children *children)
{
	watch_stop(&children->signals);
	fd_close(children->signals.fd);
}

/* It reaps to nobody's surprise: its end is told as any other's. */
static void too_late(struct timer *timer)
{
	struct job *job = owner_of(timer, struct job, deadline);

	note_warning("process %d takes too long: killed", (int)job->pid);
	kill(job->pid, SIGKILL);
}

static void be_child(const struct children *children, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setrlimit(RLIMIT_NOFILE, &children->files);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != parent)
		_exit(1);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDNAMES");
}

pid_t children_fork(struct children *children, struct job *job, int64_t ms)
{
	pid_t parent = getpid();

	job->said = memfd_create("said", MFD_CLOEXEC);
	if (job->said < 0)
		return err_sys(errno, "memfd_create");
	job->pid = fork();
	if (job->pid < 0) {
		int code = errno;

		job->pid = 0;
		fd_close(fd_take(&job->said));
		return err_sys(code, "fork");
	}
	if (job->pid == 0) {
		be_child(children, parent);
		return 0;
	}
	list_add(&children->jobs, &job->link);
	job->deadline.due = too_late;
	if (ms >= 0)
		timer_start(children->loop, &job->deadline, ms);
	return job->pid;
}

/* The first one from FROM on that stays open; INT_MAX: none. */
static int next_kept(const struct job *job, const int *kept, size_t count, int from)
{
	int next = job->said >= from ? job->said : INT_MAX;

	for (size_t i = 0; i < count; i++)
		if (kept[i] >= from && kept[i] < next)
			next = kept[i];
	return next;
}

/* Where the call is missing (before Linux 5.9) they end with the child. */
void job_close_others(const struct job *job, const int *kept, size_t count)
{
	int from = STDERR_FILENO + 1, next;

	do {
		next = next_kept(job, kept, count, from);
		if (next > from)
			sys_close_range((unsigned)from, (unsigned)next - 1, 0);
		from = next < INT_MAX ? next + 1 : next;
	} while (next < INT_MAX);
}

void job_fail(const struct job *job)
{
	char text[ERR_TEXT_MAX + 64];

	err_text(err_last(), text, sizeof(text));
	if (write(job->said, text, strlen(text)) < 0)
		_exit(2);
	_exit(1);
}

/* Descriptors that are among 0, 1, 2 themselves must not be written over before their turn. */
static int place(const struct command *command, const struct job *job)
{
	int source[3];

	for (int i = 0; i < 3; i++) {
		int fd = command->fds[i];

		if (fd == COMMAND_NULL)
			fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		else if (fd == COMMAND_SAID)
			fd = job->said;
		source[i] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		if (source[i] < 0)
			return err_sys(errno, "standard descriptor %d", i);
	}
	for (int i = 0; i < 3; i++)
		if (dup2(source[i], i) < 0)
			return err_sys(errno, "standard descriptor %d", i);
	return 0;
}

/* The words are those of Go's os/exec, which managers look for. */
void command_execute(const struct command *command, const struct job *job)
{
	const char *name = command->args[0];

	if (place(command, job))
		job_fail(job);
	execvp(name, command->args);
	if (errno == ENOENT && !strchr(name, '/'))
		err_refuse("exec: \"%s\": executable file not found in $PATH", name);
	else
		err_sys(errno, "fork/exec %s", name);
	job_fail(job);
}

int children_run(struct children *children, struct job *job, const struct command *command,
		 int64_t ms)
{
	pid_t pid = children_fork(children, job, ms);

	if (pid == 0)
		command_execute(command, job);
	return pid < 0 ? (int)pid : 0;
}

size_t job_size(const struct job *job)
{
	struct stat status;

	if (fstat(job->said, &status) < 0)
		return 0;
	return status.st_size < SAID_MAX ? (size_t)status.st_size : SAID_MAX;
}

void job_read(const struct job *job, char *out, size_t size)
{
	ssize_t n = pread(job->said, out, size - 1, 0);

	if (n < 0)
		n = 0;
	while (n > 0 && out[n - 1] == '\n')
		n--;
	out[n] = '\0';
}

void job_release(struct job *job)
{
	timer_stop(&job->deadline);
	if (job->pid > 0) {
		list_remove(&job->link);
		kill(job->pid, SIGKILL);
	}
	job->pid = 0;
	fd_close(job->said);
	job->said = NO_FD;
}

struct dismissed {
	struct job job;
	struct children *children;
};

static void on_dismissed_end(struct job *job, int status)
{
	struct dismissed *dismissed = owner_of(job, struct dismissed, job);
	struct children *children = dismissed->children;

	(void)status;
	free(dismissed);
	if (--children->dismissed == 0 && children->gone)
		children->gone(children);
}

void job_dismiss(struct job *job, struct children *children, int64_t ms)
{
	struct dismissed *dismissed;

	if (job->pid > 0) {
		dismissed = xcalloc(1, sizeof(*dismissed));
		dismissed->children = children;
		dismissed->job.pid = job->pid;
		dismissed->job.said = NO_FD;
		dismissed->job.ended = on_dismissed_end;
		dismissed->job.deadline.due = too_late;
		kill(job->pid, SIGTERM);
		list_remove(&job->link);
		list_add(&children->jobs, &dismissed->job.link);
		timer_start(children->loop, &dismissed->job.deadline, ms);
		children->dismissed++;
		job->pid = 0;
	}
	job_release(job);
}
