/* SPDX-License-Identifier: GPL-2.0-or-later */
/* prefault - pages that are going to be written to, all at once instead of a fault for each. */
#pragma once

#include <stddef.h>

/*
 * Have the pages of SIZE bytes from FROM on in memory; madvise(2), MADV_POPULATE_WRITE.  Linux knows
 * it since 5.14: before that, and where it fails, they come when they are touched.  errno stays.
 */
void prefault(void *from, size_t size);

/* The same for SIZE bytes of the stack, below the caller's own. */
void prefault_stack(size_t size);
