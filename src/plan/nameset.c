/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nameset - which names were there already, however many there are. */
#include "plan/nameset.h"

#include <stdint.h>
#include <string.h>

/* FNV-1a */
static size_t hash(const char *name, size_t length)
{
	uint64_t value = 14695981039346656037u;

	for (size_t i = 0; i < length; i++)
		value = (value ^ (unsigned char)name[i]) * 1099511628211u;
	return (size_t)(value ^ value >> 32);
}

void nameset_init(struct nameset *set, struct build *b, size_t count)
{
	size_t size = 8;

	while (size < count * 2)
		size *= 2;
	set->slots = build_items(b, size, sizeof(*set->slots));
	set->mask = size - 1;
}

bool nameset_add(struct nameset *set, const char *name, size_t length)
{
	size_t at = hash(name, length) & set->mask;

	while (set->slots[at].name) {
		if (set->slots[at].length == length &&
		    memcmp(set->slots[at].name, name, length) == 0)
			return false;
		at = (at + 1) & set->mask;
	}
	set->slots[at].name = name;
	set->slots[at].length = length;
	return true;
}
