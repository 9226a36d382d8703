/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words - tables of names and numbers. */
#include "base/words.h"

#include <stddef.h>
#include <string.h>

const struct word *word_find(const struct word *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}
