/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schemata - lines such as "L3:0=ff;1=f0" of resctrl; pure. */
#include "resctrl/schemata.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

/* A part of a text; not terminated. */
struct span {
	const char *text;
	size_t length;
};

static struct span trim(const char *text, size_t length)
{
	while (length && isblank((unsigned char)*text)) {
		text++;
		length--;
	}
	while (length && isblank((unsigned char)text[length - 1]))
		length--;
	return (struct span){ text, length };
}

static struct span without_zeros(struct span span)
{
	while (span.length > 1 && *span.text == '0') {
		span.text++;
		span.length--;
	}
	return span;
}

static bool is_same(struct span one, struct span other)
{
	return one.length == other.length && strncasecmp(one.text, other.text, one.length) == 0;
}

static bool is_same_number(struct span one, struct span other)
{
	return is_same(without_zeros(one), without_zeros(other));
}

/* The next "ID=VALUE" of *TEXT, which goes behind it; false at the end or when it is none. */
static bool next_part(struct span *text, struct span *ret_id, struct span *ret_value)
{
	const char *semicolon = memchr(text->text, ';', text->length);
	size_t length = semicolon ? (size_t)(semicolon - text->text) : text->length;
	const char *equals = memchr(text->text, '=', length);
	size_t at;

	if (!equals)
		return false;
	at = (size_t)(equals - text->text);
	*ret_id = trim(text->text, at);
	*ret_value = trim(equals + 1, length - at - 1);
	text->text += length + (semicolon ? 1 : 0);
	text->length -= length + (semicolon ? 1 : 0);
	return ret_id->length && ret_value->length;
}

/* Split "NAME:PARTS" up; false when it is not that. */
static bool split(struct span line, struct span *ret_name, struct span *ret_parts)
{
	const char *colon = memchr(line.text, ':', line.length);
	size_t at;

	if (!colon)
		return false;
	at = (size_t)(colon - line.text);
	*ret_name = trim(line.text, at);
	*ret_parts = (struct span){ colon + 1, line.length - at - 1 };
	return ret_name->length > 0;
}

/* Find the parts of the resource NAME in FILE. */
static bool find(const char *file, struct span name, struct span *ret_parts)
{
	struct span found;

	while (*file) {
		size_t length = strcspn(file, "\n");

		if (split((struct span){ file, length }, &found, ret_parts) &&
		    is_same(found, name))
			return true;
		file += length + (file[length] ? 1 : 0);
	}
	return false;
}

static bool has_part(struct span parts, struct span id, struct span value)
{
	struct span other_id, other_value;

	while (next_part(&parts, &other_id, &other_value))
		if (is_same_number(other_id, id))
			return is_same_number(other_value, value);
	return false;
}

bool schemata_has(const char *file, const char *line)
{
	struct span name, parts, there, id, value;

	if (!split((struct span){ line, strlen(line) }, &name, &parts) ||
	    !find(file, name, &there))
		return false;
	while (next_part(&parts, &id, &value))
		if (!has_part(there, id, value))
			return false;
	return parts.length == 0;
}

bool schemata_is_line(const char *line)
{
	struct span name, parts, id, value;

	if (strpbrk(line, "\r\n") || !split((struct span){ line, strlen(line) }, &name, &parts))
		return false;
	do
		if (!next_part(&parts, &id, &value))
			return false;
	while (parts.length);
	return true;
}
