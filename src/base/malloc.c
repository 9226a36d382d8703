/* SPDX-License-Identifier: GPL-2.0-or-later */
/* malloc - malloc(3) by heap.c, for us and all libraries in the static release. */
#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/heap.h"

void *malloc(size_t size)
{
	return heap_take(size);
}

void free(void *memory)
{
	heap_give(memory);
}

void *realloc(void *memory, size_t size)
{
	return heap_resize(memory, size);
}

void *calloc(size_t count, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(count, size, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	return heap_take_zeroed(all);
}

/* Nobody here asks for more than what all memory has; if somebody did, there would be none. */
int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
	if (alignment > HEAP_ALIGNMENT)
		return ENOMEM;
	*ret_memory = heap_take(size);
	return *ret_memory ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	void *memory = NULL;
	int code = posix_memalign(&memory, alignment, size);

	if (code)
		errno = code;
	return memory;
}

void *memalign(size_t alignment, size_t size)
{
	return aligned_alloc(alignment, size);
}

size_t malloc_usable_size(void *memory)
{
	return heap_size(memory);
}
