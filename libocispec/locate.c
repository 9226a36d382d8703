/* SPDX-License-Identifier: GPL-2.0-or-later */
/* locate - where in a document a JSON path is: for errors that are found after decoding. */
#include "libocispec/locate.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The document was accepted, so it needs no checks but for its end. */
struct scan {
	const char *at;
	const char *end;
};

static bool has_more(const struct scan *scan)
{
	return scan->at < scan->end;
}

static void skip_space(struct scan *scan)
{
	while (has_more(scan) && strchr(" \t\r\n,:", *scan->at))
		scan->at++;
}

static void skip_string(struct scan *scan)
{
	for (scan->at++; has_more(scan) && *scan->at != '"'; scan->at++)
		if (*scan->at == '\\')
			scan->at++;
	scan->at++;
}

static void skip_scalar(struct scan *scan)
{
	while (has_more(scan) && !strchr(" \t\r\n,:]}", *scan->at))
		scan->at++;
}

static void skip_value(struct scan *scan)
{
	size_t depth = 0;

	do {
		skip_space(scan);
		if (!has_more(scan))
			return;
		if (*scan->at == '"') {
			skip_string(scan);
		} else if (strchr("[{", *scan->at)) {
			depth++;
			scan->at++;
		} else if (strchr("]}", *scan->at)) {
			depth--;
			scan->at++;
		} else {
			skip_scalar(scan);
		}
	} while (depth > 0);
}

/* The length of a part of a path at TEXT; a key may hold anything, so its quotes end it. */
static size_t part_length(const char *text)
{
	const char *end;

	if (text[0] != '[')
		return strcspn(text, ".[: ");
	end = strstr(text, text[1] == '"' ? "\"]" : "]");
	if (!end)
		return 0;
	return (size_t)(end - text) + (text[1] == '"' ? 2 : 1);
}

static bool has_member(const struct oci_type *type, const char *name, size_t size)
{
	for (const struct oci_field *field = type->fields; field->name; field++)
		if (strlen(field->name) == size && strncmp(field->name, name, size) == 0)
			return true;
	return false;
}

size_t oci_path_length(const struct oci_type *type, const char *text)
{
	size_t length = part_length(text);

	if (!has_member(type, text, length))
		return 0;
	while (text[length] == '.' || text[length] == '[') {
		size_t next = length + (text[length] == '.');
		size_t part = part_length(text + next);

		if (part == 0)
			return 0;
		length = next + part;
	}
	return strncmp(text + length, ": ", 2) == 0 ? length : 0;
}

/* One part of a path: a name, or with IS_INDEX a number. */
struct part {
	const char *name;
	size_t size;
	bool is_index;
	unsigned long index;
};

/* Take the first part off *PATH; false when there is none. */
static bool next_part(const char **path, struct part *part)
{
	const char *at = *path + (**path == '.');
	char *end;

	*part = (struct part){ .name = at, .size = strcspn(at, ".[") };
	if (!*at)
		return false;
	*path = at + part->size;
	if (*at != '[')
		return true;
	if (at[1] == '"') {
		part->name = at + 2;
		part->size = strcspn(part->name, "\"");
		*path = part->name + part->size + strspn(part->name + part->size, "\"]");
		return true;
	}
	part->is_index = true;
	part->index = strtoul(at + 1, &end, 10);
	*path = end + (*end == ']');
	return true;
}

/* Move to the INDEX-th item of the array here. */
static bool enter_item(struct scan *scan, unsigned long index)
{
	if (*scan->at != '[')
		return false;
	scan->at++;
	skip_space(scan);
	for (; has_more(scan) && *scan->at != ']'; index--) {
		if (index == 0)
			return true;
		skip_value(scan);
		skip_space(scan);
	}
	return false;
}

/* Move to the value of the member of that name of the object here. */
static bool enter_member(struct scan *scan, const struct part *part)
{
	if (*scan->at != '{')
		return false;
	scan->at++;
	skip_space(scan);
	while (has_more(scan) && *scan->at == '"') {
		const char *name = scan->at + 1;
		bool is_it;

		skip_string(scan);
		is_it = (size_t)(scan->at - 1 - name) == part->size &&
			strncasecmp(name, part->name, part->size) == 0;
		skip_space(scan);
		if (is_it)
			return true;
		skip_value(scan);
		skip_space(scan);
	}
	return false;
}

static void count_lines(const struct oci_document *document, const char *at, unsigned *ret_line,
			unsigned *ret_column)
{
	const char *start = document->bytes;
	unsigned line = 1;

	for (const char *byte = start; byte < at; byte++)
		if (*byte == '\n') {
			line++;
			start = byte + 1;
		}
	*ret_line = line;
	*ret_column = (unsigned)(at - start) + 1;
}

int oci_locate(const struct oci_document *document, const char *path, unsigned *ret_line,
	       unsigned *ret_column)
{
	struct scan scan = { document->bytes, document->bytes + document->size };
	const char *found = NULL;
	struct part part;

	skip_space(&scan);
	while (has_more(&scan) && next_part(&path, &part)) {
		if (!(part.is_index ? enter_item(&scan, part.index)
				    : enter_member(&scan, &part)))
			break;
		found = scan.at;
	}
	if (!found)
		return -ENOENT;
	count_lines(document, found, ret_line, ret_column);
	return 0;
}
