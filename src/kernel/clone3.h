/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone3 - the system call, with a child that runs on a stack of its own. */
#pragma once

#include <stddef.h>

#include "kernel/syscalls.h"

/*
 * clone3(2).  The child runs CHILD(ARGUMENT) on the stack that ARGS names and
 * ends with what it returns; it never comes back here, so it may share our
 * memory (CLONE_VM | CLONE_VFORK).  Returns the child's pid or a negative
 * errno.  Where we have no few lines of assembler for the processor, memory is
 * not shared: CLONE_VM is taken out, and everything else stays the same.
 */
long clone3_call(struct clone_args *args, size_t size, int (*child)(void *), void *argument);
