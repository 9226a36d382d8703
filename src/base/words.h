/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words - tables of names and numbers. */
#pragma once

#include <stdint.h>

struct word {
	const char *name;
	int64_t value;
};

/* The row of TABLE (ended by a row without name) that is called NAME, or NULL. */
const struct word *word_find(const struct word *table, const char *name);
