/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone - start a program from a descriptor, in new namespaces and in its cgroup, clone3(2). */
#include "kernel/clone.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/clone3.h"
#include "kernel/syscalls.h"

#define STACK_SIZE 65536
#define SIGNAL_COUNT 32 /* the ordinary ones; real-time signals are not ignored by accident */

/* What the child leaves for us: our memory is its memory until it executes. */
struct shared {
	const struct clone_plan *plan;
	int error; /* of execveat(2), or of a limit */
	const struct clone_limit *failed_limit;
	int pidfd;
	pid_t pid;
	struct err err; /* of the process in between */
};

/*
 * In a user namespace whose ids are not mapped yet we are nobody, and execve(2)
 * takes nobody's capabilities away unless they are ambient.  act_become_root()
 * makes them ordinary ones again.
 */
static int keep_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, sets) < 0)
		return -1;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		sets[i].inheritable = sets[i].permitted;
	if (syscall(SYS_capset, &header, sets) < 0)
		return -1;
	for (unsigned cap = 0; cap < 64; cap++)
		if (sets[cap / 32].permitted >> (cap % 32) & 1 &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return -1;
	return 0;
}

static int set_limits(struct shared *shared)
{
	const struct clone_plan *plan = shared->plan;

	for (size_t i = 0; i < plan->limit_count; i++) {
		const struct clone_limit *limit = &plan->limits[i];
		struct rlimit value = { limit->soft, limit->hard };

		if (prlimit(0, (unsigned)limit->resource, &value, NULL) == 0)
			continue;
		shared->failed_limit = limit;
		return -1;
	}
	return 0;
}

/*
 * rt_sigaction(2), for which SIG_DFL, no flags and no mask are zero in whatever order; a C library
 * looks after locks of its own for some signals.
 */
static void take_default(int signal)
{
	static const uint64_t nothing[8];

	syscall(SYS_rt_sigaction, signal, nothing, NULL, (size_t)_NSIG / 8);
}

/* In the child, on a stack of its own; memory is the parent's, descriptors and signals are not. */
static int execute(void *argument)
{
	static char *const no_env[] = { NULL };
	struct shared *shared = argument;
	const struct clone_plan *plan = shared->plan;
	sigset_t none;

	for (size_t i = 0; i < plan->keep_count; i++)
		if (fcntl(plan->keep[i], F_SETFD, 0) < 0) {
			shared->error = errno;
			return 127;
		}
	if ((plan->enters_user_namespace && keep_capabilities() < 0) || set_limits(shared)) {
		shared->error = errno;
		return 127;
	}
	/* execve(2) leaves ignored signals ignored; which ones our caller ignores is its own business. */
	for (int number = 1; number < SIGNAL_COUNT; number++)
		take_default(number);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	sys_execveat(plan->program, "", plan->args, no_env, AT_EMPTY_PATH);
	shared->error = errno;
	return 127;
}

/* CLONE_INTO_CGROUP says "not this way": cgroup.procs may work, clone3(2) and cgroups(7). */
static bool is_cgroup_refusal(int code)
{
	return code == EACCES || code == EPERM || code == EOPNOTSUPP || code == EBUSY ||
	       code == EINVAL || code == ENODEV;
}

static int clone_child(struct shared *shared, uint64_t flags, int cgroup)
{
	/* One child at a time: until it has executed, we wait (CLONE_VFORK). */
	static char stack[STACK_SIZE] __attribute__((aligned(16)));
	struct clone_args args = {
		.flags = shared->plan->flags | CLONE_PIDFD | CLONE_VFORK | flags,
		.pidfd = (uintptr_t)&shared->pidfd,
		.exit_signal = flags & CLONE_PARENT ? 0 : SIGCHLD,
		.stack = (uintptr_t)stack,
		.stack_size = STACK_SIZE,
	};
	long pid;

	if (cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (unsigned)cgroup;
	}
	pid = clone3_call(&args, sizeof(args), execute, shared);
	if (pid < 0)
		return err_sys((int)-pid, "clone");
	shared->pid = (pid_t)pid;
	return 0;
}

static int take_result(struct shared *shared, struct clone_result *ret_result)
{
	if (shared->error) {
		int code = shared->error;

		waitpid(shared->pid, NULL, 0);
		fd_close(shared->pidfd);
		ret_result->is_limit = shared->failed_limit != NULL;
		if (shared->failed_limit)
			return err_sys(code, "%s: error setting rlimit type %d",
				       shared->failed_limit->origin,
				       shared->failed_limit->resource);
		return err_sys(code, "execute tare-init");
	}
	ret_result->pid = shared->pid;
	ret_result->pidfd = shared->pidfd;
	return 0;
}

static int start_directly(const struct clone_plan *plan, struct clone_result *ret_result)
{
	struct shared shared = { .plan = plan, .pidfd = NO_FD };

	if (clone_child(&shared, CLONE_VM, plan->cgroup))
		return err_code();
	return take_result(&shared, ret_result);
}

/* Those whom setns(2) and unshare(2) of a time namespace put there are our children to come. */
static int make_time_namespace(const struct clone_plan *plan)
{
	if (!plan->makes_time_namespace)
		return 0;
	if (unshare(CLONE_NEWTIME) < 0)
		return err_sys(errno, "unshare time namespace");
	if (plan->time_offsets &&
	    fd_write_file(AT_FDCWD, "/proc/self/timens_offsets", plan->time_offsets))
		return err_while("linux.timeOffsets");
	return 0;
}

/*
 * The process in between.  It is in the cgroup before it joins anything and
 * before the cgroup namespace is made, whose root the cgroup is to be.
 */
static int join_and_clone(struct shared *shared, bool is_in_cgroup)
{
	const struct clone_plan *plan = shared->plan;

	if (!is_in_cgroup && plan->cgroup >= 0 &&
	    fd_write_file(plan->cgroup, "cgroup.procs", "0"))
		return err_while("enter the cgroup");
	if (make_time_namespace(plan))
		return err_code();
	/* Our memory is the child's until it executes: not for those to see who are there already. */
	prctl(PR_SET_DUMPABLE, 0);
	if (namespace_join_all(plan->joins, plan->join_count))
		return err_code();
	/* CLONE_PARENT takes the exit signal of the process in between, SIGCHLD. */
	return clone_child(shared, CLONE_PARENT, NO_FD);
}

/* fork(2) into the cgroup, descriptors shared so that the pidfd of the child is ours, too. */
static pid_t fork_between(const struct clone_plan *plan, bool *ret_is_in_cgroup)
{
	struct clone_args args = { .flags = CLONE_FILES, .exit_signal = SIGCHLD };
	long pid = -1;

	*ret_is_in_cgroup = plan->cgroup >= 0;
	if (plan->cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (unsigned)plan->cgroup;
		pid = syscall(SYS_clone3, &args, sizeof(args));
		if (pid >= 0 || !is_cgroup_refusal(errno))
			return (pid_t)pid;
	}
	args.flags = CLONE_FILES;
	args.cgroup = 0;
	*ret_is_in_cgroup = false;
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static int wait_between(pid_t pid, struct shared *shared, struct clone_result *ret_result)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(errno, "wait for the process that joins namespaces");
	if (shared->err.code)
		return err_adopt(&shared->err);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || shared->pid <= 0)
		return err_refuse("the process that joins namespaces was killed");
	return take_result(shared, ret_result);
}

static int start_between(const struct clone_plan *plan, struct clone_result *ret_result)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool is_in_cgroup;
	pid_t pid;
	int result;

	if (shared == MAP_FAILED)
		return err_sys(errno, "mmap");
	shared->plan = plan;
	shared->pidfd = NO_FD;
	pid = fork_between(plan, &is_in_cgroup);
	if (pid == 0) {
		if (join_and_clone(shared, is_in_cgroup))
			shared->err = *err_last();
		_exit(shared->err.code != 0);
	}
	result = pid < 0 ? err_sys(errno, "clone") : wait_between(pid, shared, ret_result);
	munmap(shared, sizeof(*shared));
	return result;
}

int clone_start(const struct clone_plan *plan, struct clone_result *ret_result)
{
	int result;

	ret_result->is_limit = false;
	if (plan->join_count > 0 || plan->makes_time_namespace)
		return start_between(plan, ret_result);
	result = start_directly(plan, ret_result);
	if (plan->cgroup < 0 || ret_result->is_limit || !is_cgroup_refusal(-result))
		return result;
	/* If it was not the cgroup that was refused, this says so. */
	err_clear();
	return start_between(plan, ret_result);
}
