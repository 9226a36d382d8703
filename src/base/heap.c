/* SPDX-License-Identifier: GPL-2.0-or-later */
/* heap - memory for a program that lives for milliseconds and has one thread. */
#include "base/heap.h"

#include <errno.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/prefault.h"

#define PAGE 4096u
#define CHUNK ((size_t)256 * 1024)

/* What is larger comes from the kernel and goes back to it. */
#define SMALL_MAX (CHUNK / 2)

/* In front of each block; what is asked for begins behind it. */
struct block {
	size_t size; /* without this */
	size_t is_large;
};

/* What a block has in it while nobody uses it. */
struct idle {
	struct idle *next;
};

/*
 * Sizes are rounded up: to 16 bytes up to 256, above that to a quarter of a power of two.  Of each
 * class there is a list of blocks that came back.
 */
#define CLASSES (17 + 4 * 10)
static struct idle *idle[CLASSES];

/* The first chunk costs no system call. */
static alignas(HEAP_ALIGNMENT) char first[CHUNK];
static char *next = first, *end = first + sizeof(first);

/* What a `run` of an ordinary bundle takes; other commands take half of it. */
#define ORDINARY ((size_t)40 * 1024)

/* Up to here the pages of the first chunk are in memory; behind that so many come at once. */
static char *present = first;
#define AT_ONCE ((size_t)32 * 1024)

static unsigned class_of(size_t size, size_t *ret_rounded)
{
	unsigned power = 8;
	size_t step;

	if (size <= 256) {
		*ret_rounded = size ? (size + 15) / 16 * 16 : 16;
		return (unsigned)(*ret_rounded / 16);
	}
	while (size > (size_t)2 << power)
		power++;
	step = (size_t)1 << (power - 2);
	*ret_rounded = (size + step - 1) / step * step;
	return 16 + (power - 8) * 4 + (unsigned)((*ret_rounded - ((size_t)1 << power)) / step);
}

static struct block *block_of(const void *memory)
{
	return (struct block *)memory - 1;
}

/* ---- large: an own mapping each ---- */

static size_t mapping_of(size_t size)
{
	return (size + sizeof(struct block) + PAGE - 1) / PAGE * PAGE;
}

static void *take_large(size_t size)
{
	struct block *block;

	if (size > PTRDIFF_MAX - CHUNK) {
		errno = ENOMEM;
		return NULL;
	}
	block = mmap(NULL, mapping_of(size), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (block == MAP_FAILED)
		return NULL;
	*block = (struct block){ mapping_of(size) - sizeof(*block), 1 };
	return block + 1;
}

/* Pages change their place without being copied. */
static void *resize_large(struct block *block, size_t size)
{
	if (size > PTRDIFF_MAX - CHUNK) {
		errno = ENOMEM;
		return NULL;
	}
	block = mremap(block, block->size + sizeof(*block), mapping_of(size), MREMAP_MAYMOVE);
	if (block == MAP_FAILED)
		return NULL;
	block->size = mapping_of(size) - sizeof(*block);
	return block + 1;
}

/* ---- small: from chunks ---- */

/* What is left of the old one is lost. */
static int new_chunk(void)
{
	char *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (chunk == MAP_FAILED)
		return -ENOMEM;
	next = chunk;
	end = present = chunk + CHUNK;
	return 0;
}

/* The pages up to NEXT are going to be written to. */
static void fetch_pages(void)
{
	size_t size = (size_t)(next - present);

	if (present == first && size < ORDINARY)
		size = ORDINARY;
	else if (size < AT_ONCE)
		size = AT_ONCE;
	if (size > (size_t)(end - present))
		size = (size_t)(end - present);
	prefault(present, size);
	present += size;
}

static void *take_fresh(size_t rounded)
{
	struct block *block;

	if ((size_t)(end - next) < rounded + sizeof(*block) && new_chunk() < 0)
		return NULL;
	block = (struct block *)(void *)next;
	next += rounded + sizeof(*block);
	if (next > present)
		fetch_pages();
	*block = (struct block){ rounded, 0 };
	return block + 1;
}

/* *RET_IS_ZERO: nobody has had it before. */
static void *take_any(size_t size, bool *ret_is_zero)
{
	struct idle *found;
	unsigned class;
	size_t rounded;

	*ret_is_zero = true;
	if (size > SMALL_MAX)
		return take_large(size);
	class = class_of(size, &rounded);
	found = idle[class];
	if (!found)
		return take_fresh(rounded);
	*ret_is_zero = false;
	idle[class] = found->next;
	return found;
}

void *heap_take(size_t size)
{
	bool is_zero;

	return take_any(size, &is_zero);
}

void *heap_take_zeroed(size_t size)
{
	bool is_zero;
	void *memory = take_any(size, &is_zero);

	return memory && !is_zero ? memset(memory, 0, size) : memory;
}

void heap_give(void *memory)
{
	struct block *block;
	unsigned class;
	size_t rounded;
	int code = errno;

	if (!memory)
		return;
	block = block_of(memory);
	if (block->is_large) {
		munmap(block, block->size + sizeof(*block));
		errno = code; /* free(3) leaves it alone */
		return;
	}
	class = class_of(block->size, &rounded);
	((struct idle *)memory)->next = idle[class];
	idle[class] = memory;
}

void *heap_resize(void *memory, size_t size)
{
	struct block *block = memory ? block_of(memory) : NULL;
	void *other;

	if (block && block->is_large && size > SMALL_MAX)
		return resize_large(block, size);
	if (block && size <= block->size && !block->is_large)
		return memory;
	other = heap_take(size);
	if (!other || !block)
		return other;
	memcpy(other, memory, block->size < size ? block->size : size);
	heap_give(memory);
	return other;
}

size_t heap_size(const void *memory)
{
	return memory ? block_of(memory)->size : 0;
}
