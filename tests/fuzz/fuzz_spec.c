/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_spec - any bytes as config.json: what is taken must survive encoding and decoding. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libocispec/encode.h"
#include "libocispec/spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int is_true)
{
	if (!is_true)
		abort();
}

/* An error says where in the document it is, and its text is ended. */
static void check_error(const struct oci_document *document, const struct oci_error *error)
{
	must(error->code > 0);
	must(error->line > 0 && error->column > 0);
	must(error->line <= document->size + 1 && error->column <= document->size + 1);
	must(strnlen(error->path, sizeof(error->path)) < sizeof(error->path));
	must(strnlen(error->text, sizeof(error->text)) < sizeof(error->text));
	must(strncmp(error->text, "c:", 2) == 0);
}

static int decode_and_encode(const struct oci_document *document, const char *indent,
			     struct oci_text *text)
{
	struct arena arena = { 0 };
	struct oci_spec spec;
	struct oci_error error;
	int result = oci_decode_spec(document, &arena, &spec, &error);

	if (result == 0)
		oci_encode(&oci_spec_type, &spec, indent, text);
	else
		check_error(document, &error);
	arena_free(&arena);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct oci_document document = { "c", (const char *)data, size };
	struct oci_text first = { 0 };
	struct oci_text indented = { 0 };
	struct oci_text last = { 0 };

	if (decode_and_encode(&document, NULL, &first) == 0) {
		document = (struct oci_document){ "c", first.bytes, first.size };
		must(decode_and_encode(&document, "\t", &indented) == 0);
		document = (struct oci_document){ "c", indented.bytes, indented.size };
		must(decode_and_encode(&document, NULL, &last) == 0);
		must(first.size == last.size);
		must(memcmp(first.bytes, last.bytes, first.size) == 0);
	}
	oci_text_release(&first);
	oci_text_release(&indented);
	oci_text_release(&last);
	return 0;
}
