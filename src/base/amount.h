/* SPDX-License-Identifier: GPL-2.0-or-later */
/* amount - bytes and times as people write them. */
#pragma once

#include <stdint.h>

/*
 * Bytes: "1024", "100k", "1.5GiB", "2 mb" (k, m, g, t and p are powers of 1024, in
 * either case), or "-1".  Returns 0 or -EINVAL; no error is recorded.
 */
int amount_bytes(const char *text, int64_t *ret);

/*
 * Nanoseconds, as Go writes them: "3s", "1h30m", "1.5s", "250ms", "-1us", "0".
 * Returns 0 or -EINVAL; no error is recorded.
 */
int amount_time(const char *text, int64_t *ret);

/* A decimal number with a sign or without.  Returns 0 or -EINVAL; no error is recorded. */
int amount_signed(const char *text, int64_t *ret);
