/* SPDX-License-Identifier: GPL-2.0-or-later */
/* encode - structs to JSON text, by the same tables that decode reads. */
#pragma once

#include <stddef.h>

#include "libocispec/schema.h"

/* Text that grows; start with `struct oci_text text = { 0 };`. Its owner releases it. */
struct oci_text {
	char *bytes; /* NULL before the first addition, else with a NUL behind */
	size_t size;
	size_t capacity;
};

/* Out of memory ends the process. */
void oci_text_add(struct oci_text *text, const char *bytes, size_t size);
void oci_text_release(struct oci_text *text);

/*
 * Add OBJECT, a struct of TYPE, to TEXT. Members come in the table's order; absent ones are
 * left out. INDENT is NULL for one compact line, or what each level is indented with ("\t", "
 * "). No newline follows. `/` is not escaped; what is not UTF-8 becomes U+FFFD, so that the
 * output is always JSON.
 */
void oci_encode(const struct oci_type *type, const void *object, const char *indent,
		struct oci_text *text);

/* Add VALUE as a JSON string, for the few places that have no table. */
void oci_encode_string(const char *value, struct oci_text *text);
