/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountset - mounts in a document of their own. */
#include "libocispec/mountset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libocispec/tables.h"

/* clang-format off */
#define T oci_mount_set
const struct oci_type oci_mount_set_type = TYPE(
	OBJECTS("mounts", mounts, oci_mount, REQUIRED));
#undef T
/* clang-format on */

/* A document is an object: what is put around a list. */
static const char head[] = "{\"mounts\":", tail[] = "}";
#define HEAD_SIZE (sizeof(head) - 1)
#define TAIL_SIZE (sizeof(tail) - 1)

static bool is_list(const struct oci_document *document)
{
	size_t blanks = 0;

	while (blanks < document->size && strchr(" \t\r\n", document->bytes[blanks]))
		blanks++;
	return blanks < document->size && document->bytes[blanks] == '[';
}

/* The first line was longer than what its writer sees. */
static void put_right(const struct oci_document *document, struct oci_error *error)
{
	char what[sizeof(error->text)];

	if (error->line != 1)
		return;
	error->column -= error->column > HEAD_SIZE ? (unsigned)HEAD_SIZE : 0;
	snprintf(what, sizeof(what), "%s", error->text + error->what);
	snprintf(error->text, sizeof(error->text), "%s:%u:%u: %s%s", document->name,
		 error->line, error->column, error->path, *error->path ? ": " : "");
	error->what = strlen(error->text);
	snprintf(error->text + error->what, sizeof(error->text) - error->what, "%s", what);
}

int oci_decode_mount_set(const struct oci_document *document, struct arena *arena,
			 struct oci_mount_set *ret_set, struct oci_error *ret_error)
{
	struct oci_document whole = { .name = document->name };
	char *bytes;
	int code;

	if (!is_list(document))
		return oci_decode(&oci_mount_set_type, document, arena, ret_set, ret_error);
	bytes = arena_alloc(arena, document->size + HEAD_SIZE + TAIL_SIZE);
	memcpy(bytes, head, HEAD_SIZE);
	memcpy(bytes + HEAD_SIZE, document->bytes, document->size);
	memcpy(bytes + HEAD_SIZE + document->size, tail, TAIL_SIZE);
	whole.bytes = bytes;
	whole.size = document->size + HEAD_SIZE + TAIL_SIZE;
	code = oci_decode(&oci_mount_set_type, &whole, arena, ret_set, ret_error);
	if (code < 0)
		put_right(document, ret_error);
	return code;
}
