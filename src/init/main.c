/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main - tare-init: the only code of ours that runs inside a container. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/number.h"
#include "init/init.h"
#include "kernel/channel.h"
#include "kernel/syscalls.h"

/* Small pieces come from here: a page of its own for each would be most of what we use. */
#define SPACE_SIZE 16384

static void *take_space(size_t size)
{
	static char space[SPACE_SIZE] __attribute__((aligned(16)));
	static size_t used;
	size_t whole = (size + 15) & ~(size_t)15;

	if (whole < size || whole > sizeof(space) - used)
		return NULL;
	used += whole;
	return space + used - whole;
}

void *init_memory(size_t size)
{
	void *memory = take_space(size);

	if (memory)
		return memory;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		_exit(1);
	return memory;
}

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
	plan = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (plan == MAP_FAILED || plan->magic != BLOCK_MAGIC || plan->size != status.st_size)
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

int main(int argc, char **argv)
{
	struct init init = { .proc = NO_FD,
			     .root = NO_FD,
			     .outside = NO_FD,
			     .peer = NO_FD,
			     .masks = NO_FD,
			     .null = NO_FD };
	uint64_t fd;

	/* Nobody who creates containers passes this; somebody who finds us by chance might. */
	if (argc != 2 || number_u64(argv[1], INT_MAX, &fd))
		return 1;
	init.plan = map_plan((int)fd);
	if (!init.plan)
		return 1;
	fd_close((int)fd);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* While a user namespace is being mapped /proc/PID must stay the caller's. */
	if (!init.plan->has_user_namespace)
		prctl(PR_SET_DUMPABLE, 0);
	umask(0);
	init.proc = open_proc();
	if (init.proc < 0)
		return 1;
	run_steps(&init);
	init_end(1);
}
