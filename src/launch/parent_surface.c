/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_surface - the process that tare-init leaves in its place, where others see it. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/syscalls.h"
#include "launch/parent.h"
#include "launch/parent_filter.h"

int launch_open_page(struct launch *launch)
{
	void *page;

	launch->page = memfd_create("tare-pid", MFD_CLOEXEC);
	if (launch->page < 0 || ftruncate(launch->page, sizeof(pid_t)) < 0)
		return err_sys(errno, "memfd_create");
	page = mmap(NULL, sizeof(pid_t), PROT_READ, MAP_SHARED, launch->page, 0);
	if (page == MAP_FAILED)
		return err_sys(errno, "mmap");
	launch->born = page;
	return 0;
}

/* From act_surface() to execve(2). */
static const struct seccomp_question left_to_do[] = {
	{ .number = SYS_capset },
	{ .number = SYS_clone, .arguments = { BLOCK_SPAWN_FLAGS } },
	{ .number = SYS_prctl },
	{ .number = SYS_setsid },
	{ .number = SYS_sendmsg },
	{ .number = SYS_recvmsg },
	{ .number = SYS_clock_gettime },
	{ .number = SYS_accept4 },
	{ .number = SYS_read },
	{ .number = SYS_close },
	{ .number = SYS_close_range },
	{ .number = SYS_exit_group },
};

/*
 * Loaded at `start` it needs CAP_SYS_ADMIN until then, which whoever may trace the
 * process in there could make use of.
 */
int parent_early_filter(struct launch *launch)
{
	struct seccomp_program program;

	if (launch_compile_filter(launch, &program))
		return err_code();
	if (launch_filter_lets_through(launch, &program, left_to_do, ARRAY_SIZE(left_to_do))) {
		launch_put_filter(launch, &program);
		launch->init->loads_filter_early = 1;
	}
	free(program.instructions);
	return 0;
}

/* Both are children of ours that nobody has waited for, so their pids are theirs. */
int launch_follow(struct launch *launch)
{
	pid_t born = launch->born ? __atomic_load_n(launch->born, __ATOMIC_ACQUIRE) : 0;

	if (born <= 0 || born == launch->child.pid)
		return 0;
	kill(launch->child.pid, SIGKILL);
	while (waitpid(launch->child.pid, NULL, 0) < 0)
		if (errno != EINTR)
			return err_sys(errno, "wait for tare-init");
	fd_close(launch->child.pidfd);
	launch->child.pid = born;
	launch->child.pidfd = sys_pidfd_open(born, 0);
	return launch->child.pidfd < 0 ? err_sys(errno, "pidfd_open") : 0;
}

int parent_record_surfaced(struct launch *launch)
{
	return launch_follow(launch) ? err_code() : parent_record_init(launch);
}
