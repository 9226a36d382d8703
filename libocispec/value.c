/* SPDX-License-Identifier: GPL-2.0-or-later */
/* value - look-ups in what was decoded. */
#include "libocispec/value.h"

#include <string.h>

#include "libocispec/schema.h"

const char *oci_pairs_get(const struct oci_pairs *pairs, const char *key)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (pairs->items[i].key[0] == key[0] && strcmp(pairs->items[i].key, key) == 0)
			return pairs->items[i].value;
	return NULL;
}

unsigned oci_word_find(const char *const *words, const char *word)
{
	for (unsigned i = 1; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return 0;
}

bool oci_is_present(const struct oci_field *field, const void *place)
{
	if (field->shape != OCI_ONE)
		return ((const struct oci_any_list *)place)->is_set;
	switch (field->kind) {
	case OCI_STRING:
	case OCI_OBJECT:
		return *(const void *const *)place != NULL;
	case OCI_ENUM:
		return *(const unsigned *)place != 0;
	default:
		return *(const bool *)place; /* each number's struct begins with its is_set */
	}
}
