/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay - what one document says, changed by what another one says. */
#include "libocispec/overlay.h"

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

static void *find_same(const struct oci_field *field, const struct any_list *list, size_t size,
		       const void *item)
{
	for (size_t i = 0; i < list->count; i++) {
		char *place = (char *)list->items + i * size;

		if (is_same(field, place, item))
			return place;
	}
	return NULL;
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the tables */
static void overlay_list(const struct oci_field *field, const struct any_list *over,
			 struct arena *arena, struct any_list *list)
{
	bool is_of_objects = field->kind == OCI_OBJECT;
	size_t size = is_of_objects ? field->type->size : sizeof(struct oci_pair);
	void *items = arena_alloc(arena, (list->count + over->count + 1) * size);

	if (list->count)
		memcpy(items, list->items, list->count * size);
	list->items = items;
	list->is_set = true;
	for (size_t i = 0; i < over->count; i++) {
		const char *item = (const char *)over->items + i * size;
		char *old = find_same(field, list, size, item);

		if (old && is_of_objects)
			oci_overlay(field->type, item, arena, old);
		else
			memcpy(old ? old : (char *)items + list->count++ * size, item, size);
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
