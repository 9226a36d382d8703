/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory - the few pages of tare-init, which count for the container. */
#include "init/memory.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "init/init.h"
#include "init/stack.h"
#include "kernel/syscalls.h"

/* Small pieces come from here: a page of its own for each would be most of what we use. */
#define SPACE_SIZE 16384

/* Nobody makes it grow; what is not touched does not count. */
#define STACK_SIZE 524288

/* No page is larger, and so much is free between any two mappings. */
#define STEP 65536

/* As the kernel makes a program's first stack: so much below what is on it, setup_arg_pages(). */
#define FIRST_STACK 131072ul

extern char _end[]; /* behind the program, from the linker */

static uintptr_t round_up(uintptr_t address, uintptr_t step)
{
	return (address + step - 1) & ~(step - 1);
}

/*
 * Each part of the address space costs two pages for its page tables; where the program is, they
 * are there already.  It is a wish: the kernel takes another place when that is in use.
 */
static void *map_near(size_t size, int protection, int flags, int fd)
{
	static uintptr_t end = (uintptr_t)_end;
	void *wish = (void *)(round_up(end, STEP) + STEP);
	void *memory = mmap(wish, size, protection, MAP_PRIVATE | flags, fd, 0);

	if (memory == MAP_FAILED)
		return NULL;
	if (memory == wish)
		end = (uintptr_t)memory + size;
	return memory;
}

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

	if (!memory)
		memory = map_near(size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS, -1);
	if (!memory)
		init_end(1);
	return memory;
}

const void *memory_map(size_t size, int fd)
{
	return map_near(size, PROT_READ, 0, fd);
}

/* ---- the stack ---- */

static char *stack;

/* Calls that are made from here need some of it, too. */
void memory_trim(void)
{
	char here;
	uintptr_t page = stack_page();
	uintptr_t used = ((uintptr_t)&here - 1024) & ~(page - 1);

	if (stack && used > (uintptr_t)stack)
		syscall(SYS_madvise, stack, used - (uintptr_t)stack, MADV_DONTNEED);
}

/* The bounds of the one that is left, and how it goes on. */
static struct departure {
	uintptr_t first, last;
	void (*function)(void *);
	void *argument;
} departure;

static void arrive(void *argument)
{
	(void)argument;
	munmap((void *)departure.first, departure.last - departure.first);
	departure.function(departure.argument);
}

_Noreturn void memory_leave_stack(const char *argv, void (*function)(void *), void *argument)
{
	uintptr_t here = (uintptr_t)&argv & ~(uintptr_t)(STEP - 1);

	if (stack_page() > 0)
		stack = map_near(STACK_SIZE, PROT_READ | PROT_WRITE, MAP_ANONYMOUS, -1);
	departure = (struct departure){
		.first = here - 2 * FIRST_STACK,
		.last = round_up((uintptr_t)argv, 4096), /* the kernel takes whole pages */
		.function = function,
		.argument = argument,
	};
	if (stack)
		stack_call(stack + STACK_SIZE, arrive, NULL);
	function(argument);
	init_end(1);
}
