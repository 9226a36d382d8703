/* SPDX-License-Identifier: GPL-2.0-or-later */
/* prefault - pages that are going to be written to, all at once instead of a fault for each. */
#include "base/prefault.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* MADV_POPULATE_WRITE, which older C libraries have no name for. */
#define POPULATE_WRITE 23

void prefault(void *from, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), before = (uintptr_t)from % page;
	int code = errno;

	(void)madvise((char *)from - before, before + size, POPULATE_WRITE);
	errno = code;
}

void prefault_stack(size_t size)
{
	char *here = __builtin_frame_address(0);

	prefault(here - size, size);
}
