/* SPDX-License-Identifier: GPL-2.0-or-later */
/* encode - structs to JSON text, by the same tables that decode reads. */
#include "libocispec/encode.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libocispec/arena.h"
#include "libocispec/utf8.h"
#include "libocispec/value.h"

struct encoder {
	struct oci_text *text;
	const char *indent;
	size_t level;
};

void oci_text_add(struct oci_text *text, const char *bytes, size_t size)
{
	if (size >= text->capacity - text->size) {
		text->capacity = text->capacity * 2 + size + 256;
		text->bytes = oci_realloc(text->bytes, text->capacity);
	}
	if (size > 0)
		memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
	text->bytes[text->size] = '\0';
}

void oci_text_release(struct oci_text *text)
{
	free(text->bytes);
	*text = (struct oci_text){ 0 };
}

static void add(struct oci_text *text, const char *string)
{
	oci_text_add(text, string, strlen(string));
}

/*
 * The characters that must not stand in a string as they are; *RET_LENGTH bytes are replaced.
 */
static const char *escape_of(const char *at, size_t size, char *hex, size_t *ret_length)
{
	*ret_length = 1;
	switch (*at) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	}
	if ((unsigned char)*at < 0x20) {
		snprintf(hex, sizeof("\\u0000"), "\\u%04x", (unsigned)*at);
		return hex;
	}
	*ret_length = oci_utf8_length(at, size);
	if (*ret_length > 0)
		return NULL;
	*ret_length = 1;
	return "\xef\xbf\xbd";
}

void oci_encode_string(const char *value, struct oci_text *text)
{
	size_t size = strlen(value);
	size_t plain = 0; /* what begins here was not added yet */
	size_t at = 0;

	oci_text_add(text, "\"", 1);
	while ((at += oci_utf8_plain(value + at, size - at)) < size) {
		char hex[sizeof("\\u0000")];
		size_t length;
		const char *escape = escape_of(value + at, size - at, hex, &length);

		if (escape) {
			oci_text_add(text, value + plain, at - plain);
			add(text, escape);
			plain = at + length;
		}
		at += length;
	}
	oci_text_add(text, value + plain, size - plain);
	oci_text_add(text, "\"", 1);
}

static void new_line(struct encoder *e)
{
	if (!e->indent)
		return;
	oci_text_add(e->text, "\n", 1);
	for (size_t i = 0; i < e->level; i++)
		add(e->text, e->indent);
}

static void open_with(struct encoder *e, const char *bracket)
{
	add(e->text, bracket);
	e->level++;
}

/* An empty one has its brackets side by side. */
static void close_with(struct encoder *e, const char *bracket, bool is_empty)
{
	e->level--;
	if (!is_empty)
		new_line(e);
	add(e->text, bracket);
}

/* In front of each member or item. */
static void next(struct encoder *e, bool *is_empty)
{
	if (!*is_empty)
		oci_text_add(e->text, ",", 1);
	*is_empty = false;
	new_line(e);
}

static void add_name(struct encoder *e, const char *name)
{
	oci_encode_string(name, e->text);
	add(e->text, e->indent ? ": " : ":");
}

static void add_signed(struct encoder *e, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, value);
	add(e->text, digits);
}

static void add_unsigned(struct encoder *e, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	add(e->text, digits);
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the tables are, whatever the data. */
static void add_object(struct encoder *e, const struct oci_type *type, const void *object);

static void add_one(struct encoder *e, const struct oci_field *field, const void *place)
{
	switch (field->kind) {
	case OCI_BOOL:
		add(e->text, ((const struct oci_bool *)place)->value ? "true" : "false");
		break;
	case OCI_I32:
		add_signed(e, ((const struct oci_i32 *)place)->value);
		break;
	case OCI_I64:
		add_signed(e, ((const struct oci_i64 *)place)->value);
		break;
	case OCI_U16:
		add_unsigned(e, ((const struct oci_u16 *)place)->value);
		break;
	case OCI_U32:
		add_unsigned(e, ((const struct oci_u32 *)place)->value);
		break;
	case OCI_U64:
		add_unsigned(e, ((const struct oci_u64 *)place)->value);
		break;
	case OCI_STRING:
		oci_encode_string(*(const char *const *)place, e->text);
		break;
	case OCI_ENUM:
		oci_encode_string(field->words[*(const unsigned *)place], e->text);
		break;
	case OCI_OBJECT:
		add_object(e, field->type, *(const void *const *)place);
		break;
	}
}

/* Item INDEX of a list, without the wrapping that a single value has. */
static void add_item(struct encoder *e, const struct oci_field *field, const void *items,
		     size_t index)
{
	if (field->kind == OCI_OBJECT)
		add_object(e, field->type, (const char *)items + index * field->type->size);
	else if (field->kind == OCI_STRING)
		add_one(e, field, (const char *const *)items + index);
	else if (field->kind == OCI_ENUM)
		add_one(e, field, (const unsigned *)items + index);
	else
		add_unsigned(e, ((const uint32_t *)items)[index]);
}

static void add_list(struct encoder *e, const struct oci_field *field,
		     const struct oci_any_list *list)
{
	bool is_empty = true;

	open_with(e, "[");
	for (size_t i = 0; i < list->count; i++) {
		next(e, &is_empty);
		add_item(e, field, list->items, i);
	}
	close_with(e, "]", is_empty);
}

static void add_map(struct encoder *e, const struct oci_field *field,
		    const struct oci_any_list *map)
{
	bool is_of_objects = field->kind == OCI_OBJECT;
	size_t size = is_of_objects ? field->type->size : sizeof(struct oci_pair);
	bool is_empty = true;

	open_with(e, "{");
	for (size_t i = 0; i < map->count; i++) {
		const void *item = (const char *)map->items + i * size;

		next(e, &is_empty);
		add_name(e, *(const char *const *)item); /* the key comes first in both */
		if (is_of_objects)
			add_object(e, field->type, item);
		else
			oci_encode_string(((const struct oci_pair *)item)->value, e->text);
	}
	close_with(e, "}", is_empty);
}

static void add_object(struct encoder *e, const struct oci_type *type, const void *object)
{
	bool is_empty = true;

	open_with(e, "{");
	for (const struct oci_field *field = type->fields; field->name; field++) {
		const void *place = (const char *)object + field->offset;

		if (!oci_is_present(field, place))
			continue;
		next(e, &is_empty);
		add_name(e, field->name);
		if (field->shape == OCI_LIST_OF_THEM)
			add_list(e, field, place);
		else if (field->shape == OCI_MAP_OF_THEM)
			add_map(e, field, place);
		else
			add_one(e, field, place);
	}
	close_with(e, "}", is_empty);
}
/* NOLINTEND(misc-no-recursion) */

void oci_encode(const struct oci_type *type, const void *object, const char *indent,
		struct oci_text *text)
{
	struct encoder e = { .text = text, .indent = indent };

	add_object(&e, type, object);
}
