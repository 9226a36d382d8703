/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * heap - memory for a program that lives for milliseconds and has one thread: fast to give, kept
 * for the next when it comes back, returned to the kernel only when it is large.  The static
 * release has it in place of musl's malloc(3), see malloc.c.
 */
#pragma once

#include <stddef.h>

#define HEAP_ALIGNMENT 16

/* SIZE bytes, aligned to HEAP_ALIGNMENT, with anything in them. NULL with errno when there is none. */
void *heap_take(size_t size);

/* The same with zeros in them. */
void *heap_take_zeroed(size_t size);

/* The same memory, or a copy of it, with SIZE bytes; as realloc(3). */
void *heap_resize(void *memory, size_t size);

/* NULL is nothing to do. */
void heap_give(void *memory);

/* How many bytes MEMORY has: as many as were asked for, or some more. */
size_t heap_size(const void *memory);
