/* SPDX-License-Identifier: GPL-2.0-or-later */
/* apart - libseccomp compiles rules in a process of its own, which ends in time. */
#include "seccomp/apart.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/interrupt.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"
#include "seccomp/filter.h"

#define KILLED_MS 5000

/* How the child exits, and what it has written into its file then. */
enum {
	WROTE_PROGRAM,
	WROTE_ERROR, /* struct err */
	WROTE_NOTHING,
};

static int write_result(const struct seccomp_profile *profile, const struct calls *calls,
			int fd)
{
	const struct err *err = err_last();

	if (filter_compile(profile, calls, fd) == 0)
		return WROTE_PROGRAM;
	/* Over what there may be of a program. */
	return pwrite(fd, err, sizeof(*err), 0) == sizeof(*err) ? WROTE_ERROR : WROTE_NOTHING;
}

static int read_error(int fd)
{
	struct err err;

	if (pread(fd, &err, sizeof(err), 0) != sizeof(err))
		return err_sys(EIO, "read why libseccomp failed");
	return err_adopt(&err);
}

/* Returns 0 when the child has ended by itself; otherwise it is to be killed. */
static int await_end(int pidfd, const struct calls *calls, const struct deadline *deadline)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int ready;

	if (pidfd < 0)
		return err_sys(errno, "pidfd_open");
	ready = interrupt_poll(&end, 1, deadline_left(deadline));
	if (ready != 0)
		return ready < 0 ? ready : 0;
	return err_refuse("linux.seccomp: libseccomp takes too long to compile the rules for "
			  "architecture %#x",
			  calls->architecture);
}

static int take_result(pid_t pid, int fd, struct seccomp_program *ret_program)
{
	int status;

	if (waitpid(pid, &status, 0) < 0)
		return err_sys(errno, "wait for libseccomp");
	if (WIFSIGNALED(status))
		return err_refuse("linux.seccomp: libseccomp was killed by signal %d while it "
				  "compiled the rules",
				  WTERMSIG(status));
	switch (WEXITSTATUS(status)) {
	case WROTE_PROGRAM:
		return filter_read(fd, ret_program);
	case WROTE_ERROR:
		return read_error(fd);
	}
	return err_refuse("linux.seccomp: what libseccomp compiled could not be written");
}

static int finish(pid_t pid, int fd, const struct calls *calls, const struct deadline *deadline,
		  struct seccomp_program *ret_program)
{
	_cleanup_close_ int pidfd = sys_pidfd_open(pid, 0);
	int r = await_end(pidfd, calls, deadline);

	if (r == 0)
		return take_result(pid, fd, ret_program);
	kill(pid, SIGKILL);
	if (pidfd < 0 || pidfd_has_ended(pidfd, KILLED_MS))
		waitpid(pid, NULL, 0);
	return r;
}

int apart_compile(const struct seccomp_profile *profile, const struct calls *calls,
		  const struct deadline *deadline, struct seccomp_program *ret_program)
{
	_cleanup_close_ int fd = memfd_create("seccomp", MFD_CLOEXEC);
	pid_t parent = getpid();
	pid_t pid;

	if (fd < 0)
		return err_sys(errno, "memfd_create");
	pid = fork();
	if (pid < 0)
		return err_sys(errno, "fork");
	if (pid > 0)
		return finish(pid, fd, calls, deadline, ret_program);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it was gone before the prctl */
		_exit(WROTE_NOTHING);
	_exit(write_result(profile, calls, fd));
}
