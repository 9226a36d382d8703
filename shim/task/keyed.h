/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keyed - files of "KEY NUMBER" lines, as cgroup v2 has many. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Where the number of KEY, a uint64_t, belongs. */
struct keyed_row {
	const char *key;
	size_t offset;
};

/* Fill OUT from TEXT by ROWS, which one without a key ends; other keys are skipped. */
void keyed_parse(const char *text, const struct keyed_row *rows, void *out);

/* A number, or "max": UINT64_MAX. What is neither is 0. */
uint64_t keyed_number(const char *text);
