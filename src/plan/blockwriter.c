/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blockwriter - builds the block that tare-init is told. */
#include "plan/blockwriter.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "base/prefault.h"

#define ALIGNMENT 8

/* A list that is not short has its pages at once, at most so many: they will be written to. */
#define SHORT ((size_t)16 << 10)
#define AT_ONCE ((size_t)1 << 20)

/* For the first that is small: a mapping of its own costs page tables, and at its end their removal. */
static char small[(size_t)1 << 20] __attribute__((aligned(ALIGNMENT)));
static bool is_small_taken;
static size_t small_used; /* by who had it before */

/* The offset of SIZE fresh bytes, all zero. */
static size_t reserve(struct block_writer *writer, size_t size, size_t alignment)
{
	size_t at = (writer->size + alignment - 1) / alignment * alignment;

	/* The document's bound makes this impossible; if not, rather stop than overrun. */
	if (at > writer->room || size > writer->room - at)
		abort();
	writer->size = at + size;
	((struct init_plan *)(void *)writer->base)->size = (uint32_t)writer->size;
	return at;
}

/* Where huge pages are always wanted, the first byte would be two million. */
static char *map(void)
{
	void *base = mmap(NULL, BLOCK_RESERVE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	/* The one way to say "out of memory" is mem.c's. */
	if (base == MAP_FAILED)
		base = xcalloc(SIZE_MAX / 2, 1);
	madvise(base, BLOCK_RESERVE, MADV_NOHUGEPAGE);
	return base;
}

/* The densest items of config.json grow by no more than this factor. */
#define GROWTH 8
/* What is not from there: rows, filter, names. */
#define OURS ((size_t)128 << 10)

uint64_t block_most(uint64_t document_size)
{
	return OURS + document_size * GROWTH;
}

void block_open(struct block_writer *writer, size_t most)
{
	bool is_small = !is_small_taken && most > 0 && most <= sizeof(small);
	struct init_plan *init;

	writer->base = is_small ? small : map();
	writer->room = is_small ? sizeof(small) : BLOCK_RESERVE;
	writer->size = 0;
	if (is_small) {
		memset(small, 0, small_used);
		is_small_taken = true;
	}
	reserve(writer, sizeof(*init), ALIGNMENT);
	init = (struct init_plan *)(void *)writer->base;
	init->magic = BLOCK_MAGIC;
	init->channel = NO_SLOT;
	init->gate = NO_SLOT;
}

void block_close(struct block_writer *writer)
{
	if (writer->base == small) {
		small_used = writer->size;
		is_small_taken = false;
	} else if (writer->base) {
		munmap(writer->base, BLOCK_RESERVE);
	}
	*writer = (struct block_writer){ 0 };
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
	if (total > SHORT)
		prefault(writer->base + at, total < AT_ONCE ? total : AT_ONCE);
	*ret_items = writer->base + at;
	return (struct block_list){ .at = (uint32_t)at, .count = (uint32_t)count };
}
