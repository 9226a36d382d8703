/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arena - memory that is taken piece by piece and given back at once. */
#pragma once

#include <stddef.h>

struct arena_chunk;

/* Start with `struct arena arena = { 0 };`. */
struct arena {
	struct arena_chunk *newest;
};

/* SIZE zeroed bytes, aligned for any type; out of memory ends the process. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of LENGTH bytes of TEXT with a NUL behind. */
char *arena_text(struct arena *arena, const char *text, size_t length);

/* Give back everything; ARENA can be used again. */
void arena_free(struct arena *arena);

/* realloc() and malloc() that end the process when there is no memory. Free with free(). */
void *oci_realloc(void *old, size_t size);
