/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schema - what a JSON object holds and where that goes in a C struct, as a table. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum oci_kind {
	OCI_BOOL,
	OCI_I32,
	OCI_I64,
	OCI_U16,
	OCI_U32,
	OCI_U64,
	OCI_STRING,
	OCI_ENUM,   /* a string that must be one of `words` */
	OCI_OBJECT, /* of type `type` */
};

enum oci_shape {
	OCI_ONE,
	OCI_LIST_OF_THEM, /* a JSON array */
	OCI_MAP_OF_THEM,  /* a JSON object whose member names are data */
};

/* One member of a JSON object. Rows are written with the macros of tables.h. */
struct oci_field {
	const char *name;
	enum oci_kind kind;
	enum oci_shape shape;
	bool required;
	bool is_key; /* items of a list are the same if they agree here: oci_overlay() */
	const char *
		refusal; /* OCI_ENUM: what a word that is not among them is; NULL: "unknown value" */
	size_t offset;
	union {
		const struct oci_type *type; /* OCI_OBJECT */
		const char *const *words;    /* OCI_ENUM; the first is at 1, NULL ends them */
	};
};

/* One JSON object and its struct; at most OCI_FIELDS_MAX rows, ended by one without a name. */
struct oci_type {
	size_t size;
	const struct oci_field *fields;
};

#define OCI_FIELDS_MAX 64

/* Whether the member of FIELD that is at PLACE was given; each kind says so in its own way. */
bool oci_is_present(const struct oci_field *field, const void *place);
