/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fields - which members of config.json there are, and on which of them a plan depends. */
#include "tests/golden/fields.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"

/* What every list looks like: see OCI_LIST. */
OCI_LIST(any_list, char);

static char *path_of(const char *parent, const struct oci_field *field)
{
	static const char *const behind[] = {
		[OCI_LIST_OF_THEM] = "[]",
		[OCI_MAP_OF_THEM] = "{}",
	};
	const char *brackets = field->shape == OCI_ONE ? "" : behind[field->shape];

	/* The last part of a path says what the member is called, not what it holds. */
	if (field->kind != OCI_OBJECT)
		brackets = "";
	return xprintf("%s%s%s%s", parent, *parent ? "." : "", field->name, brackets);
}

static void print_type(const struct oci_type *type, const char *parent)
{
	for (const struct oci_field *field = type->fields; field->name; field++) {
		_cleanup_free_ char *path = path_of(parent, field);

		if (field->kind == OCI_OBJECT)
			print_type(field->type, path);
		else
			printf("%s\n", path);
	}
}

void fields_print(void)
{
	print_type(&oci_spec_type, "");
}

/* ---- changes ---- */

struct trial {
	struct oci_spec *spec;
	const struct outcome *before;
	const char *name;
};

static void ask(const struct trial *trial, const char *path)
{
	if (outcome_differs(trial->before, trial->spec))
		printf("%s\t%s\n", path, trial->name);
}

/* The members of struct oci_bool ... oci_u64: a claim that it is there, then the value. */
static void change_number(const struct oci_field *field, char *value)
{
	switch (field->kind) {
	case OCI_BOOL:
		((struct oci_bool *)value)->value ^= true;
		break;
	case OCI_I32:
		((struct oci_i32 *)value)->value ^= 1;
		break;
	case OCI_U32:
		((struct oci_u32 *)value)->value ^= 1;
		break;
	case OCI_U16:
		((struct oci_u16 *)value)->value ^= 1;
		break;
	case OCI_I64:
		((struct oci_i64 *)value)->value ^= 1;
		break;
	case OCI_U64:
		((struct oci_u64 *)value)->value ^= 1;
		break;
	default:
		break;
	}
}

/* Another of the words, or none when there is just one. */
static void change_word(const struct oci_field *field, char *value)
{
	unsigned *word = (unsigned *)value;

	*word = field->words[*word + 1] ? *word + 1 : *word > 1;
}

static bool is_there(const struct oci_field *field, const char *value)
{
	if (field->kind == OCI_STRING)
		return *(const char *const *)value != NULL;
	if (field->kind == OCI_ENUM)
		return *(const unsigned *)value != 0;
	return *(const bool *)value;
}

static size_t size_of(const struct oci_field *field)
{
	switch (field->kind) {
	case OCI_STRING:
		return sizeof(char *);
	case OCI_ENUM:
		return sizeof(unsigned);
	case OCI_BOOL:
		return sizeof(struct oci_bool);
	case OCI_U16:
		return sizeof(struct oci_u16);
	case OCI_I32:
		return sizeof(struct oci_i32);
	case OCI_U32:
		return sizeof(struct oci_u32);
	default:
		return sizeof(struct oci_u64);
	}
}

/* Something else in its place, and nothing. */
static void try_one(const struct trial *trial, const struct oci_field *field, char *value,
		    const char *path)
{
	_cleanup_free_ char *longer = NULL;
	size_t size = size_of(field);
	char saved[sizeof(struct oci_u64)];

	if (!is_there(field, value))
		return;
	memcpy(saved, value, size);
	if (field->kind == OCI_STRING) {
		longer = xprintf("%sx", *(char **)value);
		memcpy(value, &longer, size);
	} else if (field->kind == OCI_ENUM) {
		change_word(field, value);
	} else {
		change_number(field, value);
	}
	ask(trial, path);
	if (!field->required) {
		memset(value, 0, size);
		ask(trial, path);
	}
	memcpy(value, saved, size);
}

/* Without its last item, and without any. */
static void try_list(const struct trial *trial, struct any_list *list, const char *path)
{
	const struct any_list saved = *list;

	if (!list->is_set)
		return;
	if (list->count > 0)
		list->count--;
	ask(trial, path);
	*list = (struct any_list){ 0 };
	ask(trial, path);
	*list = saved;
}

static void try_object(const struct trial *trial, const struct oci_type *type, char *object,
		       const char *parent)
{
	for (const struct oci_field *field = type->fields; field->name; field++) {
		_cleanup_free_ char *path = path_of(parent, field);
		char *value = object + field->offset;
		struct any_list *list = (struct any_list *)value;

		if (field->kind == OCI_OBJECT && field->shape == OCI_ONE) {
			if (*(char **)value)
				try_object(trial, field->type, *(char **)value, path);
		} else if (field->kind == OCI_OBJECT) {
			for (size_t i = 0; i < list->count; i++)
				try_object(trial, field->type,
					   list->items + i * field->type->size, path);
		} else if (field->shape == OCI_ONE) {
			try_one(trial, field, value, path);
		} else {
			try_list(trial, list, path);
		}
	}
}

void fields_try(struct oci_spec *spec, const struct outcome *before, const char *name)
{
	const struct trial trial = { spec, before, name };

	try_object(&trial, &oci_spec_type, (char *)spec, "");
}
