/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arena - memory that is taken piece by piece and given back at once. */
#include "libocispec/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_MIN ((size_t)8 << 10)
#define CHUNK_MAX ((size_t)512 << 10) /* whose pages come at once in the static release */

struct arena_chunk {
	struct arena_chunk *older;
	size_t size; /* of `bytes` */
	size_t used;
	alignas(max_align_t) char bytes[];
};

static _Noreturn void out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	abort();
}

void *oci_realloc(void *old, size_t size)
{
	void *new = realloc(old, size ? size : 1);

	if (!new)
		out_of_memory();
	return new;
}

/* Each chunk is twice as large as the one before, so that their number stays small. */
static struct arena_chunk *chunk_new(struct arena_chunk *older, size_t wanted)
{
	size_t size = older ? older->size * 2 : CHUNK_MIN;
	struct arena_chunk *chunk;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	if (size < wanted)
		size = wanted;
	chunk = calloc(1, sizeof(*chunk) + size);
	if (!chunk)
		out_of_memory();
	chunk->older = older;
	chunk->size = size;
	return chunk;
}

static void *take(struct arena *arena, size_t size, size_t align)
{
	struct arena_chunk *chunk = arena->newest;
	size_t start = chunk ? (chunk->used + align - 1) & ~(align - 1) : 0;

	if (size > SIZE_MAX / 4)
		out_of_memory();
	if (!chunk || start > chunk->size || size > chunk->size - start) {
		chunk = chunk_new(chunk, size);
		arena->newest = chunk;
		start = 0;
	}
	chunk->used = start + size;
	return chunk->bytes + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, alignof(max_align_t));
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
	char *copy = take(arena, length + 1, 1);

	if (length > 0)
		memcpy(copy, text, length);
	return copy; /* the NUL is there: chunks are zeroed */
}

void arena_free(struct arena *arena)
{
	while (arena->newest) {
		struct arena_chunk *chunk = arena->newest;

		arena->newest = chunk->older;
		free(chunk);
	}
}
