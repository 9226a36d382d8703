/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest - the name that somebody may have meant. */
#include "libocispec/nearest.h"

#include <string.h>

#define NAME_MAX_NEAR 63 /* no member's name is longer */

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	return c;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned less = a < b ? a : b;

	return less < c ? less : c;
}

/*
 * How many letters have to be put in, taken out, changed or swapped with the next one: the rows
 * of the usual table, of which the last two count.
 */
static unsigned distance(const char *a, const char *b)
{
	unsigned rows[3][NAME_MAX_NEAR + 1];
	size_t length = strlen(b);

	for (size_t k = 0; k <= length; k++)
		rows[0][k] = (unsigned)k;
	for (size_t i = 1; a[i - 1]; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3];
		const unsigned *higher = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t k = 1; k <= length; k++) {
			char x = lower(a[i - 1]), y = lower(b[k - 1]);

			row[k] = least(above[k] + 1, row[k - 1] + 1, above[k - 1] + (x != y));
			if (i > 1 && k > 1 && x == lower(b[k - 2]) && lower(a[i - 2]) == y)
				row[k] = least(row[k], higher[k - 2] + 1, row[k]);
		}
	}
	return rows[strlen(a) % 3][length];
}

/* Short names are soon near to anything. */
static unsigned allowance(size_t length)
{
	return length < 4 ? 0 : length < 7 ? 1 : 2;
}

const char *oci_nearest(const struct oci_type *type, const char *name)
{
	size_t length = strlen(name);
	unsigned best = allowance(length) + 1;
	const char *nearest = NULL;

	if (length > NAME_MAX_NEAR)
		return NULL;
	for (const struct oci_field *field = type->fields; field->name; field++) {
		unsigned far;

		if (strlen(field->name) > NAME_MAX_NEAR)
			continue;
		far = distance(name, field->name);
		if (far < best) {
			best = far;
			nearest = field->name;
		}
	}
	return nearest;
}
