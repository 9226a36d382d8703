/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone3_other - for processors that nobody has written the few lines for. */
#include "kernel/clone3.h"

#include <errno.h>

long clone3_call(struct clone_args *args, size_t size, int (*child)(void *), void *argument)
{
	long pid;

	/*
	 * A copy of our memory needs no other stack.  What the child leaves for us in
	 * memory is lost; it does so only when it cannot execute, and its end tells.
	 */
	args->flags &= ~(uint64_t)CLONE_VM;
	args->stack = 0;
	args->stack_size = 0;
	pid = syscall(SYS_clone3, args, size);
	if (pid == 0)
		syscall(SYS_exit, child(argument));
	return pid < 0 ? -errno : pid;
}
