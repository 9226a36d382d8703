/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blockwriter - builds the block that tare-init is told. */
#include "plan/blockwriter.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"

#define ALIGNMENT 8

/* The offset of SIZE fresh bytes, all zero. */
static size_t reserve(struct block_writer *writer, size_t size, size_t alignment)
{
	size_t at = (writer->size + alignment - 1) / alignment * alignment;

	/* The document's bound makes this impossible; if not, rather stop than overrun. */
	if (at > BLOCK_RESERVE || size > BLOCK_RESERVE - at)
		abort();
	writer->size = at + size;
	((struct init_plan *)(void *)writer->base)->size = (uint32_t)writer->size;
	return at;
}

void block_open(struct block_writer *writer)
{
	void *base = mmap(NULL, BLOCK_RESERVE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct init_plan *init = base;

	/* The one way to say "out of memory" is mem.c's. */
	if (base == MAP_FAILED)
		init = xcalloc(SIZE_MAX / 2, 1);
	writer->base = (char *)init;
	writer->size = 0;
	reserve(writer, sizeof(*init), ALIGNMENT);
	init->magic = BLOCK_MAGIC;
	init->channel = NO_SLOT;
	init->gate = NO_SLOT;
}

void block_close(struct block_writer *writer)
{
	if (writer->base)
		munmap(writer->base, BLOCK_RESERVE);
	writer->base = NULL;
	writer->size = 0;
}

block_text block_put_text(struct block_writer *writer, const char *text)
{
	size_t size, at;

	if (!text)
		return 0;
	size = strlen(text) + 1;
	at = reserve(writer, size, 1);
	memcpy(writer->base + at, text, size);
	return (block_text)at;
}

struct block_list block_put_list(struct block_writer *writer, size_t count, size_t size,
				 void **ret_items)
{
	size_t total, at;

	if (__builtin_mul_overflow(count, size, &total))
		abort();
	at = reserve(writer, total, ALIGNMENT);
	*ret_items = writer->base + at;
	return (struct block_list){ .at = (uint32_t)at, .count = (uint32_t)count };
}
