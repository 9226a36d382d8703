/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpulist - lists such as "0-3,7", of processors or of memory nodes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As many as set_mempolicy(2) takes bits: a page full. */
#define CPULIST_MAX 32768

/* True for a list of numbers and ranges below CPULIST_MAX; an empty one is none. */
bool cpulist_is_valid(const char *list);

/*
 * Set the bit of each number that a valid LIST names; WORDS has room for
 * CPULIST_MAX bits.  Returns how many words of it are in use.
 */
size_t cpulist_bits(const char *list, uint64_t *words);
