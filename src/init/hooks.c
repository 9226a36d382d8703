/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hooks - run the startContainer hooks: in the container, before its program. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/syscalls.h"

#define OUTPUT_MAX 1024
#define LINGER_MS 100 /* for output that is on its way when the hook has ended */

struct run {
	pid_t pid;
	int pidfd;
	int output;       /* what it prints, both stdout and stderr */
	int64_t deadline; /* milliseconds of CLOCK_MONOTONIC; -1: none */
	bool is_late;
	char text[OUTPUT_MAX];
	size_t size;
};

static int64_t now(void)
{
	struct timespec time;

	sys_clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* In the child: 0 is the state, 1 and 2 are read by us, there is nothing else. */
static _Noreturn void exec_hook(const struct init *init, const struct block_hook *hook, int in,
				int out)
{
	const char **args = init_texts(init->plan, hook->args, 0);
	const char **env = hook->has_env ? init_texts(init->plan, hook->env, 0) : init->env;
	const char *path = block_string(init->plan, hook->path);
	char message[PATH_MAX + 128];
	int size;

	setpgid(0, 0);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(126);
	if (init_confine_hook(init)) {
		size = snprintf(message, sizeof(message), "%s", err_last()->text);
	} else {
		execve(path, (char *const *)args, (char *const *)env);
		size = snprintf(message, sizeof(message), "exec %s: %s", path, err_name(errno));
	}
	if (size > 0 && write(2, message, (size_t)size) < 0)
		init_end(126);
	init_end(127);
}

static int open_state(void)
{
	int fd = (int)syscall(SYS_memfd_create, "state", MFD_CLOEXEC | MFD_NOEXEC_SEAL);

	/* Kernels before 6.3 do not know the second flag. */
	if (fd < 0 && errno == EINVAL)
		fd = (int)syscall(SYS_memfd_create, "state", MFD_CLOEXEC);
	return fd < 0 ? err_sys(errno, "memfd_create") : fd;
}

/*
 * What the hook reads, all at once and however much it is: annotations can be larger than what a
 * pipe or a socket takes before somebody reads.
 */
static int write_state(const struct init *init, int to)
{
	const char *head = block_string(init->plan, init->plan->hook_state_head);
	const char *tail = block_string(init->plan, init->plan->hook_state_tail);
	char pid[16];
	int size = snprintf(pid, sizeof(pid), "%d", (int)getpid());

	if (fd_write_all(to, head, strlen(head)) || fd_write_all(to, pid, (size_t)size) ||
	    fd_write_all(to, tail, strlen(tail)))
		return err_while("state of the container");
	if (syscall(SYS_lseek, to, 0, SEEK_SET) < 0)
		return err_sys(errno, "state of the container");
	return 0;
}

static int launch(const struct init *init, const struct block_hook *hook, struct run *run)
{
	_cleanup_close_ int in = open_state();
	int out[2], result;

	if (in < 0)
		return in;
	if (pipe2(out, O_CLOEXEC) < 0)
		return err_sys(errno, "pipe");
	result = write_state(init, in);
	run->output = out[0];
	run->pid = result ? -1 : fork();
	if (run->pid == 0)
		exec_hook(init, hook, in, out[1]);
	if (run->pid < 0 && !result)
		result = err_sys(errno, "fork");
	fd_close(out[1]);
	if (result)
		return result;
	run->deadline = hook->timeout ? now() + (int64_t)hook->timeout * 1000 : -1;
	run->pidfd = sys_pidfd_open(run->pid, 0);
	return run->pidfd < 0 ? err_sys(errno, "pidfd_open") : 0;
}

/* Take what is there; false at the end of the output. */
static bool read_output(struct run *run)
{
	char bytes[512];
	ssize_t n = read(run->output, bytes, sizeof(bytes));
	size_t room = sizeof(run->text) - 1 - run->size;

	if (n <= 0)
		return false;
	if ((size_t)n < room)
		room = (size_t)n;
	memcpy(run->text + run->size, bytes, room);
	run->size += room;
	return true;
}

static int remaining(const struct run *run)
{
	int64_t left = run->deadline - now();

	if (run->deadline < 0)
		return -1;
	return left > 0 ? (int)left : 0;
}

/* Until the hook has ended or its time is over; what it started may go on printing. */
static void watch(struct run *run)
{
	struct pollfd polls[] = { { run->pidfd, POLLIN, 0 }, { run->output, POLLIN, 0 } };

	while (!(polls[0].revents & POLLIN)) {
		int ready = poll(polls, 2, remaining(run));

		if (ready == 0) {
			run->is_late = true;
			kill(-run->pid, SIGKILL);
			kill(run->pid, SIGKILL);
			run->deadline = -1;
		}
		if (ready > 0 && polls[1].revents && !read_output(run))
			polls[1].fd = -1;
	}
	run->deadline = now() + LINGER_MS;
	while (polls[1].fd >= 0 && remaining(run) > 0 &&
	       poll(&polls[1], 1, remaining(run)) > 0 && read_output(run))
		;
}

/* In words as Go has them: runc's users look for these. */
static int judge(struct run *run, uint32_t index, const char *path, uint32_t timeout)
{
	char reason[64], signal_text[48];
	int status;

	while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!run->is_late && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (run->is_late) {
		snprintf(reason, sizeof(reason), "hook ran past specified timeout of %u.0s",
			 timeout);
	} else if (WIFSIGNALED(status)) {
		snprintf(signal_text, sizeof(signal_text), "%s", strsignal(WTERMSIG(status)));
		signal_text[0] |= 0x20;
		snprintf(reason, sizeof(reason), "signal: %s", signal_text);
	} else {
		snprintf(reason, sizeof(reason), "exit status %d", WEXITSTATUS(status));
	}
	run->text[run->size] = '\0';
	return err_refuse("error running startContainer hook #%u: %s: %s, output: %s", index,
			  path, reason, run->text);
}

static int run_hook(struct init *init, uint32_t index, const struct block_hook *hook)
{
	struct run run = { .pidfd = NO_FD, .output = NO_FD };
	int result = launch(init, hook, &run);

	if (result == 0) {
		watch(&run);
		result =
			judge(&run, index, block_string(init->plan, hook->path), hook->timeout);
	}
	fd_close(run.output);
	fd_close(run.pidfd);
	return result;
}

int act_hooks_start(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const struct block_hook *hooks = LIST_OF(plan, plan->hooks_start, struct block_hook);

	for (uint32_t i = 0; i < plan->hooks_start.count; i++)
		if (run_hook(init, i, &hooks[i]))
			return err_code();
	return 0;
}
