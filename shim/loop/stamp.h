/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stamp - a time as RFC 3339 writes it. */
#pragma once

#include <stdint.h>

#define STAMP_SIZE sizeof("2026-11-21T07:55:03Z")

/*
 * SECONDS since 1970, in UTC, for the years 1970 to 9999. It asks no libc: theirs comes with time
 * zones, which are a tenth of a small static program.
 */
void stamp_utc(int64_t seconds, char ret_text[STAMP_SIZE]);
