/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main - tare-init: the only code of ours that runs inside a container. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/number.h"
#include "init/init.h"
#include "init/memory.h"
#include "kernel/channel.h"
#include "kernel/syscalls.h"

const char **init_texts(const struct init_plan *plan, struct block_list list, size_t spare)
{
	const block_text *texts = LIST_OF(plan, list, block_text);
	const char **array = init_memory((list.count + spare + 1) * sizeof(*array));

	for (uint32_t i = 0; i < list.count; i++)
		array[i] = block_string(plan, texts[i]);
	return array;
}

/* The block is sealed: what the parent wrote is what we read, for as long as we live. */
static const struct init_plan *map_plan(int fd)
{
	const struct init_plan *plan;
	struct stat status;

	if (fstat(fd, &status) < 0 || (size_t)status.st_size < sizeof(*plan))
		return NULL;
	plan = memory_map((size_t)status.st_size, fd);
	if (!plan || plan->magic != BLOCK_MAGIC || plan->size != status.st_size)
		return NULL;
	return plan;
}

static int open_proc(void)
{
	_cleanup_close_ int fd = fd_open(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY, 0);
	struct statfs status;

	if (fd < 0)
		return fd;
	if (fstatfs(fd, &status) < 0 || status.f_type != PROC_FILE_MAGIC)
		return err_refuse("/proc is not a proc file system");
	return fd_take(&fd);
}

/* The filter may refuse to let us go, and libc would ask it for ever. */
_Noreturn void init_end(int status)
{
	syscall(SYS_exit_group, status);
	__builtin_trap();
}

/* From here on with our own stack. */
static void set_up(void *argument)
{
	struct init *init = argument;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* While a user namespace is being mapped /proc/PID must stay the caller's. */
	if (!init->plan->has_user_namespace)
		prctl(PR_SET_DUMPABLE, 0);
	umask(0);
	init->proc = open_proc();
	if (init->proc >= 0)
		run_steps(init);
	else
		init_report(init, 0);
	init_end(1);
}

int main(int argc, char **argv)
{
	static struct init init;
	uint64_t fd;

	/* Nobody who creates containers passes this; somebody who finds us by chance might. */
	if (argc != 2 || number_u64(argv[1], INT_MAX, &fd))
		return 1;
	init.plan = map_plan((int)fd);
	if (!init.plan)
		return 1;
	fd_close((int)fd);
	init.proc = init.root = init.outside = init.peer = init.masks = init.null = NO_FD;
	memory_leave_stack(argv[1], set_up, &init);
}
