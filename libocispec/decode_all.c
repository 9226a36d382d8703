/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode_all - the part of decode that collects problems, and what it puts in their place. */
#include "libocispec/decoder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libocispec/nearest.h"

void decoder_problem(struct decoder *d, bool is_unknown)
{
	struct oci_problems *problems = d->problems;
	struct oci_problem *problem;

	d->error = &d->spare;
	if (problems->count == OCI_PROBLEMS_MAX) {
		problems->left_out++;
		return;
	}
	if (problems->count == problems->capacity) {
		problems->capacity = problems->capacity ? problems->capacity * 2 : 16;
		problems->items =
			oci_realloc(problems->items, problems->capacity * sizeof(*problem));
	}
	problem = &problems->items[problems->count++];
	*problem = (struct oci_problem){ .is_unknown = is_unknown };
	d->error = &problem->error;
}

void oci_problems_release(struct oci_problems *problems)
{
	free(problems->items);
	*problems = (struct oci_problems){ 0 };
}

void decoder_unknown(struct decoder *d, const struct oci_type *type)
{
	const char *key = d->frames[d->depth - 1].key;
	const char *nearest;
	char what[160];

	if (!d->problems)
		return;
	nearest = oci_nearest(type, key);
	snprintf(what, sizeof(what), "unknown member, ignored%s%s%s", nearest ? " (is \"" : "",
		 nearest ? nearest : "", nearest ? "\" meant?)" : "");
	decoder_problem(d, true);
	decoder_fill_error(d, decoder_start(d), what);
}

void decoder_fill_item(struct decoder *d, const struct oci_field *field, void *item)
{
	if (field->kind == OCI_OBJECT)
		decoder_fill_object(d, field->type, item);
	else if (field->kind == OCI_STRING)
		*(const char **)item = "";
}

static void fill_field(struct decoder *d, const struct oci_field *field, char *place)
{
	void **pointer = (void **)(void *)place;

	if (field->shape != OCI_ONE || (field->kind != OCI_STRING && field->kind != OCI_OBJECT))
		return;
	if (*pointer)
		return;
	if (field->kind == OCI_STRING) {
		*(const char **)(void *)place = "";
		return;
	}
	*pointer = arena_alloc(d->arena, field->type->size);
	decoder_fill_object(d, field->type, *pointer);
}

void decoder_fill_object(struct decoder *d, const struct oci_type *type, void *object)
{
	for (const struct oci_field *field = type->fields; field->name; field++)
		if (field->required)
			fill_field(d, field, (char *)object + field->offset);
}
