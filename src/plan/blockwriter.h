/* SPDX-License-Identifier: GPL-2.0-or-later */
/* blockwriter - builds the block that tare-init is told. */
#pragma once

#include <stddef.h>

#include "init/block.h"

/*
 * Memory that never moves while it grows (a reservation is made at once, pages
 * come when they are touched), so pointers into it stay good.
 */
struct block_writer {
	char *base; /* struct init_plan is at its start; its `size` is kept up to date */
	size_t size;
	size_t room;
};

/*
 * Bytes that are reserved.  What the largest config.json (16 MiB) can become
 * is less: its densest items grow by a factor of 8 at most.  plan_build() refuses
 * what is in it once and comes to more in the block.
 */
#define BLOCK_RESERVE ((size_t)160 << 20)

/* How many bytes what is in documents of DOCUMENT_SIZE bytes in all can come to, once. */
uint64_t block_most(uint64_t document_size);

/*
 * Starts with an empty struct init_plan: magic and size set, no descriptors.  MOST: how many bytes
 * there will be at most, or 0 when that is not known.
 */
void block_open(struct block_writer *writer, size_t most);
void block_close(struct block_writer *writer);

/* Copy TEXT into the block; NULL gives 0. */
block_text block_put_text(struct block_writer *writer, const char *text);

/* Make room for COUNT zeroed items of SIZE bytes; *ret_items is where to write them. */
struct block_list block_put_list(struct block_writer *writer, size_t count, size_t size,
				 void **ret_items);
