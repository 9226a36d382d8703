/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode_names - which member a name means, and whether it was there before. */
#include "libocispec/decoder.h"

#include <stdlib.h>
#include <string.h>

static char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c | 0x20);
	return c;
}

static bool is_same(const char *known, const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (known[i] == '\0' ||
		    (known[i] != name[i] && lower(known[i]) != lower(name[i])))
			return false;
	return known[length] == '\0';
}

const struct oci_field *decoder_field(const struct oci_type *type, const char *name,
				      size_t length)
{
	for (const struct oci_field *field = type->fields; field->name; field++)
		if (is_same(field->name, name, length))
			return field;
	return NULL;
}

/*
 * Besides the ASCII letters there are two characters that Go takes for the same as one of them:
 * the long s (U+017F) and the Kelvin sign (U+212A).
 */
const char *decoder_fold(struct arena *arena, const char *name, size_t length)
{
	char *folded = arena_text(arena, name, length);
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (strncmp(folded + i, "\xc5\xbf", 2) == 0) {
			folded[used++] = 's';
			i += 1;
		} else if (strncmp(folded + i, "\xe2\x84\xaa", 3) == 0) {
			folded[used++] = 'k';
			i += 2;
		} else {
			folded[used++] = lower(folded[i]);
		}
	}
	folded[used] = '\0';
	return folded;
}

void decoder_name_add(struct decoder *d, const char *text, size_t length, const char *shown)
{
	if (d->names_count == d->names_capacity) {
		d->names_capacity = d->names_capacity ? d->names_capacity * 2 : 32;
		d->names = oci_realloc(d->names, d->names_capacity * sizeof(d->names[0]));
	}
	d->names[d->names_count++] = (struct name){
		.text = text,
		.shown = shown,
		.length = length,
		.offset = decoder_start(d),
	};
}

static int compare_text(const struct name *x, const struct name *y)
{
	size_t shorter = x->length < y->length ? x->length : y->length;
	int order = memcmp(x->text, y->text, shorter);

	if (order != 0)
		return order;
	return x->length < y->length ? -1 : x->length > y->length;
}

/* The same names beside each other, in the order of the document. */
static int compare(const void *a, const void *b)
{
	const struct name *x = a;
	const struct name *y = b;
	int order = compare_text(x, y);

	if (order != 0)
		return order;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int refuse_twice(struct decoder *d, const struct name *name)
{
	d->frames[d->depth - 1].key = name->shown;
	return decoder_refuse(d, name->offset, "given twice");
}

static uint64_t mix(uint64_t value, uint64_t word)
{
	value = (value ^ word) * 0x9e3779b97f4a7c15;
	return value ^ value >> 32;
}

/* Eight bytes at a time; mixed once more, as what is high in a word goes up before it comes down. */
static uint64_t hash(const struct name *name)
{
	uint64_t value = name->length;
	size_t at = 0;
	uint64_t word;

	for (; name->length - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, name->text + at, sizeof(word));
		value = mix(value, word);
	}
	for (word = 0; at < name->length; at++)
		word = word << 8 | (unsigned char)name->text[at];
	return mix(mix(value, word), 0);
}

/* Where NAME belongs in a table of SIZE places, that hold 0 or one more than an index. */
static bool put(const struct name *names, uint32_t *table, size_t size, size_t index,
		size_t *tries)
{
	size_t place = hash(&names[index]) & (size - 1);

	for (; table[place]; place = (place + 1) & (size - 1), --*tries)
		if (*tries == 0 || compare_text(&names[table[place] - 1], &names[index]) == 0)
			return false;
	table[place] = (uint32_t)(index + 1);
	return true;
}

/*
 * The common case, in a time that grows with COUNT.  False: there may be one twice, or somebody
 * has looked for names with the same hash.
 */
static bool is_each_once(const struct name *names, size_t count)
{
	size_t size = 16, tries = count * 8;
	uint32_t *table;
	bool is_once = true;

	if (count > UINT32_MAX / 4)
		return false;
	while (size < count * 2)
		size *= 2;
	table = oci_realloc(NULL, size * sizeof(*table));
	memset(table, 0, size * sizeof(*table));
	for (size_t i = 0; i < count && is_once; i++)
		is_once = put(names, table, size, i, &tries);
	free(table);
	return is_once;
}

/*
 * Sorting once at the end keeps an object of a million members from taking a million looks
 * each.
 */
int decoder_names_check(struct decoder *d)
{
	struct frame *frame = &d->frames[d->depth - 1];
	size_t count = d->names_count - frame->names;
	const struct name *twice = NULL;
	struct name *names;

	d->names_count = frame->names;
	if (count < 2)
		return 1;
	names = d->names + frame->names;
	if (is_each_once(names, count))
		return 1;
	qsort(names, count, sizeof(names[0]), compare);
	for (size_t i = 1; i < count; i++) {
		if (compare_text(&names[i - 1], &names[i]) != 0)
			continue;
		if (d->problems)
			refuse_twice(d, &names[i]);
		else if (!twice || names[i].offset < twice->offset)
			twice = &names[i];
	}
	return twice ? refuse_twice(d, twice) : 1;
}
