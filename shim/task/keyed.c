/* SPDX-License-Identifier: GPL-2.0-or-later */
/* keyed - files of "KEY NUMBER" lines, as cgroup v2 has many. */
#include "shim/task/keyed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint64_t keyed_number(const char *text)
{
	if (strncmp(text, "max", 3) == 0)
		return UINT64_MAX;
	return strtoull(text, NULL, 10);
}

static const struct keyed_row *find_row(const struct keyed_row *rows, const char *key,
					size_t size)
{
	for (; rows->key; rows++)
		if (strlen(rows->key) == size && strncmp(rows->key, key, size) == 0)
			return rows;
	return NULL;
}

void keyed_parse(const char *text, const struct keyed_row *rows, void *out)
{
	while (*text) {
		size_t key = strcspn(text, " \n");
		const struct keyed_row *row = find_row(rows, text, key);

		if (row && text[key] == ' ')
			*(uint64_t *)(void *)((char *)out + row->offset) =
				keyed_number(text + key + 1);
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
}
