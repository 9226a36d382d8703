/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay - what one document says, changed by what another one says. */
#include "libocispec/overlay.h"

#include <stdint.h>
#include <string.h>

#include "libocispec/value.h"

OCI_LIST(any_list, void);

static const size_t sizes[] = {
	[OCI_BOOL] = sizeof(struct oci_bool), [OCI_I32] = sizeof(struct oci_i32),
	[OCI_I64] = sizeof(struct oci_i64),   [OCI_U16] = sizeof(struct oci_u16),
	[OCI_U32] = sizeof(struct oci_u32),   [OCI_U64] = sizeof(struct oci_u64),
	[OCI_STRING] = sizeof(const char *),  [OCI_ENUM] = sizeof(unsigned),
	[OCI_OBJECT] = sizeof(void *),
};

/* Keys are strings and whole numbers. */
static bool is_same_key(const struct oci_field *field, const void *a, const void *b)
{
	if (field->kind == OCI_STRING) {
		const char *left = *(const char *const *)a;
		const char *right = *(const char *const *)b;

		return left && right && strcmp(left, right) == 0;
	}
	return field->kind == OCI_I64 &&
	       ((const struct oci_i64 *)a)->value == ((const struct oci_i64 *)b)->value;
}

static bool is_same_item(const struct oci_type *type, const void *a, const void *b)
{
	bool has_key = false;

	for (const struct oci_field *field = type->fields; field->name; field++) {
		if (!field->is_key)
			continue;
		has_key = true;
		if (!is_same_key(field, (const char *)a + field->offset,
				 (const char *)b + field->offset))
			return false;
	}
	return has_key;
}

static bool has_keys(const struct oci_field *field)
{
	if (field->shape == OCI_MAP_OF_THEM)
		return true;
	for (const struct oci_field *row = field->type->fields;
	     field->kind == OCI_OBJECT && row->name; row++)
		if (row->is_key)
			return true;
	return false;
}

/* The first member of a map's item is its name. */
static bool is_same(const struct oci_field *field, const void *a, const void *b)
{
	if (field->shape == OCI_MAP_OF_THEM)
		return strcmp(*(const char *const *)a, *(const char *const *)b) == 0;
	return is_same_item(field->type, a, b);
}

/* ---- items by their keys: a list of a million is not looked through a million times ---- */

/* Places hold 0, or one more than where in the list an item is. */
struct index {
	uint32_t *places;
	size_t mask;
};

static uint64_t mix(uint64_t value, uint64_t word)
{
	value = (value ^ word) * 0x9e3779b97f4a7c15;
	return value ^ value >> 32;
}

static uint64_t hash_text(uint64_t value, const char *text)
{
	while (*text)
		value = mix(value, (unsigned char)*text++);
	return value;
}

static uint64_t hash_item(const struct oci_field *field, const char *item)
{
	uint64_t value = 0;

	if (field->shape == OCI_MAP_OF_THEM)
		return hash_text(value, *(const char *const *)item);
	for (const struct oci_field *row = field->type->fields; row->name; row++) {
		const void *key = item + row->offset;
		const char *text = row->kind == OCI_STRING ? *(const char *const *)key : NULL;

		if (row->is_key && text)
			value = hash_text(value, text);
		else if (row->is_key && row->kind == OCI_I64)
			value = mix(value, (uint64_t)((const struct oci_i64 *)key)->value);
	}
	return value;
}

static struct index index_make(size_t count, struct arena *arena)
{
	size_t size = 16;

	while (size < count * 2)
		size *= 2;
	return (struct index){ arena_alloc(arena, size * sizeof(uint32_t)), size - 1 };
}

/* Where LIST's item like ITEM is, or where it belongs. */
static uint32_t *index_find(const struct index *index, const struct oci_field *field,
			    const struct any_list *list, size_t size, const char *item)
{
	size_t place = hash_item(field, item) & index->mask;

	while (index->places[place] &&
	       !is_same(field, (const char *)list->items + (index->places[place] - 1) * size,
			item))
		place = (place + 1) & index->mask;
	return &index->places[place];
}

/* Of several that are the same, the first counts. */
static struct index index_of(const struct oci_field *field, const struct any_list *list,
			     size_t size, size_t room, struct arena *arena)
{
	struct index index = index_make(room, arena);

	for (size_t i = 0; i < list->count; i++) {
		uint32_t *place = index_find(&index, field, list, size,
					     (const char *)list->items + i * size);

		if (!*place)
			*place = (uint32_t)i + 1;
	}
	return index;
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the tables */
static void overlay_list(const struct oci_field *field, const struct any_list *over,
			 struct arena *arena, struct any_list *list)
{
	bool is_of_objects = field->kind == OCI_OBJECT;
	size_t size = is_of_objects ? field->type->size : sizeof(struct oci_pair);
	size_t room = list->count + over->count + 1;
	char *items = arena_alloc(arena, room * size);
	struct index index;

	if (list->count)
		memcpy(items, list->items, list->count * size);
	list->items = (void *)items;
	list->is_set = true;
	index = index_of(field, list, size, room, arena);
	for (size_t i = 0; i < over->count; i++) {
		const char *item = (const char *)over->items + i * size;
		uint32_t *place = index_find(&index, field, list, size, item);
		bool is_new = *place == 0;
		char *at;

		if (is_new)
			*place = (uint32_t)++list->count;
		at = items + (*place - 1) * size;
		if (is_of_objects && !is_new)
			oci_overlay(field->type, item, arena, at);
		else
			memcpy(at, item, size);
	}
}

static void overlay_object(const struct oci_type *type, const void *over, struct arena *arena,
			   void **object)
{
	void *copy = arena_alloc(arena, type->size);

	if (*object)
		memcpy(copy, *object, type->size);
	oci_overlay(type, over, arena, copy);
	*object = copy;
}

static void overlay_field(const struct oci_field *field, const void *over, struct arena *arena,
			  void *place)
{
	if (field->shape != OCI_ONE) {
		const struct any_list *list = over;

		if (list->is_set && has_keys(field))
			overlay_list(field, list, arena, place);
		else if (list->is_set)
			memcpy(place, over, sizeof(*list));
	} else if (oci_is_present(field, over)) {
		if (field->kind == OCI_OBJECT)
			overlay_object(field->type, *(const void *const *)over, arena, place);
		else
			memcpy(place, over, sizes[field->kind]);
	}
}

void oci_overlay(const struct oci_type *type, const void *over, struct arena *arena,
		 void *object)
{
	for (const struct oci_field *field = type->fields; field->name; field++)
		overlay_field(field, (const char *)over + field->offset, arena,
			      (char *)object + field->offset);
}
/* NOLINTEND(misc-no-recursion) */
