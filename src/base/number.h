/* SPDX-License-Identifier: GPL-2.0-or-later */
/* number - text to number without the traps of strtol(3). */
#pragma once

#include <stdint.h>

/*
 * TEXT must be decimal digits only (no sign, space, prefix) and at most MAX.
 * Returns 0 or -EINVAL; no error is recorded: the caller knows what it read.
 */
int number_u64(const char *text, uint64_t max, uint64_t *ret);
