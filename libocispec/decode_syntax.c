/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode_syntax - say where a text ends to be JSON. */
#include <string.h>

#include "libocispec/decoder.h"

static bool is_separator(char c)
{
	return c == ',' || c == ':';
}

/*
 * Where yajl stopped: at the token after the last one, or at a comma or colon in front of it.
 */
static size_t syntax_error_at(struct decoder *d)
{
	const char *bytes = d->document->bytes;
	size_t start;
	size_t consumed;

	d->before = d->end;
	start = decoder_start(d);
	if (d->is_complete)
		return d->frames[0].count > 0 ? start : d->document->size;
	consumed = yajl_get_bytes_consumed(d->yajl);
	if (consumed > start)
		return start;
	if (consumed > 0 && is_separator(bytes[consumed - 1]))
		return consumed - 1;
	if (consumed < d->document->size && is_separator(bytes[consumed]))
		return consumed; /* yajl has stepped back */
	return start;
}

/* yajl says "parse error: it is so.\n". */
void decoder_refuse_syntax(struct decoder *d)
{
	char *text = (char *)yajl_get_error(d->yajl, 0, NULL, 0);
	char *colon = strstr(text, ": ");
	const char *what = colon ? colon + 2 : text;
	size_t length = strcspn(what, "\n");

	if (length > 0 && what[length - 1] == '.')
		length--;
	decoder_refuse(d, syntax_error_at(d), "not JSON: %.*s", (int)length, what);
	yajl_free_error(d->yajl, (unsigned char *)text);
}

/* Half a token behind the document (`{}"`) is nothing to yajl. */
void decoder_check_rest(struct decoder *d)
{
	const char *bytes = d->document->bytes;

	for (size_t i = d->end; i < d->document->size; i++) {
		if (!strchr(" \t\r\n", bytes[i])) {
			decoder_refuse(d, i, "not JSON: trailing garbage");
			return;
		}
	}
}
