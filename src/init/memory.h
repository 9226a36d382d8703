/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory - the few pages of tare-init, which count for the container. */
#pragma once

#include <stddef.h>

/* The file FD, SIZE bytes of it, to be read only.  NULL when that cannot be. */
const void *memory_map(size_t size, int fd);

/*
 * Go on with FUNCTION(ARGUMENT), which does not return, on a stack of our own; the one that the
 * kernel made, on which ARGV is the last argument of the program, is given back with all that is
 * on it: arguments, environment, and what a C library would look up there for the vdso(7).
 */
_Noreturn void memory_leave_stack(const char *argv, void (*function)(void *), void *argument);

/* Give back what earlier steps have used of the stack, and we do not use any more. */
void memory_trim(void);
