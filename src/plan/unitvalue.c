/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unitvalue - values of a unit's properties as annotations write them (GVariant's text format). */
#include "plan/unitvalue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/words.h"

#define SECOND 1000000

/* clang-format off */
static const struct word types[] = {
	{ "boolean", UNIT_BOOL },
	{ "int32",   UNIT_INT32 },
	{ "uint32",  UNIT_UINT32 },
	{ "int64",   UNIT_INT64 },
	{ "uint64",  UNIT_UINT64 },
	{ "double",  UNIT_DOUBLE },
	{ "string",  UNIT_STRING },
	{ 0 },
};

static const struct { enum unit_type type; int64_t min; uint64_t max; } ranges[] = {
	{ UNIT_INT32,  INT32_MIN, INT32_MAX },
	{ UNIT_UINT32, 0,         UINT32_MAX },
	{ UNIT_INT64,  INT64_MIN, INT64_MAX },
	{ UNIT_UINT64, 0,         UINT64_MAX },
};
/* clang-format on */

static const char *skip_spaces(const char *at)
{
	return at + strspn(at, " \t");
}

/* A text in quotes at *AT, which moves behind it; NULL when there is none. */
static const char *read_quoted(struct build *b, const char **at)
{
	const char quote = **at;
	const char *from = *at + 1;
	char *text, *to;

	if (quote != '\'' && quote != '"')
		return NULL;
	text = to = build_items(b, strlen(from) + 1, 1);
	while (*from && *from != quote) {
		from += from[0] == '\\' && from[1];
		*to++ = *from++;
	}
	if (!*from)
		return NULL;
	*at = from + 1;
	return text;
}

static int read_text(struct build *b, const char *at, struct unit_property *property)
{
	property->type = UNIT_STRING;
	property->text = read_quoted(b, &at);
	return property->text && !*skip_spaces(at) ? 0 : -EINVAL;
}

static int read_list(struct build *b, const char *at, struct unit_property *property)
{
	/* Each takes three characters at least. */
	const char **items = build_items(b, strlen(at) / 3 + 2, sizeof(*items));
	size_t count = 0;

	at = skip_spaces(at + 1);
	while (*at != ']') {
		items[count] = read_quoted(b, &at);
		if (!items[count++])
			return -EINVAL;
		at = skip_spaces(at);
		if (*at == ',')
			at = skip_spaces(at + 1);
		else if (*at != ']')
			return -EINVAL;
	}
	property->type = UNIT_STRINGS;
	property->strings.items = items;
	property->strings.count = count;
	return *skip_spaces(at + 1) ? -EINVAL : 0;
}

static int read_bool(const char *text, struct unit_property *property)
{
	property->type = UNIT_BOOL;
	property->boolean = strcmp(text, "true") == 0;
	return property->boolean || strcmp(text, "false") == 0 ? 0 : -EINVAL;
}

static int read_double(const char *text, struct unit_property *property)
{
	char *end;

	if (!*text || strspn(text, "+-.0123456789eE") != strlen(text))
		return -EINVAL;
	property->type = UNIT_DOUBLE;
	property->real = strtod(text, &end);
	return *end ? -EINVAL : 0;
}

static int read_integer(const char *text, enum unit_type type, struct unit_property *property)
{
	bool is_negative = text[0] == '-';
	uint64_t size;

	if (number_u64(text + is_negative, UINT64_MAX, &size))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		/* Without overflow where min is the least there is. */
		uint64_t limit =
			is_negative ? (uint64_t)0 - (uint64_t)ranges[i].min : ranges[i].max;

		if (ranges[i].type == type && size > limit)
			return -EINVAL;
	}
	property->type = type;
	property->natural = is_negative ? (uint64_t)0 - size : size;
	return 0;
}

static int read_typed(struct build *b, enum unit_type type, const char *text,
		      struct unit_property *property)
{
	switch (type) {
	case UNIT_BOOL:
		return read_bool(text, property);
	case UNIT_DOUBLE:
		return read_double(text, property);
	case UNIT_STRING:
		return read_text(b, text, property);
	default:
		return read_integer(text, type, property);
	}
}

static int read_untyped(struct build *b, const char *text, struct unit_property *property)
{
	if (*text == '[')
		return read_list(b, text, property);
	if (*text == '\'' || *text == '"')
		return read_text(b, text, property);
	if (read_bool(text, property) == 0)
		return 0;
	if (strpbrk(text, ".eE"))
		return read_double(text, property);
	return read_integer(text, UNIT_INT32, property);
}

int unitvalue_read(struct build *b, const char *text, struct unit_property *property)
{
	size_t length;

	text = skip_spaces(text);
	if (strncmp(text, "@as ", 4) == 0) {
		text = skip_spaces(text + 4);
		return *text == '[' ? read_list(b, text, property) : -EINVAL;
	}
	length = strcspn(text, " \t");
	for (const struct word *row = types; row->name; row++)
		if (text[length] && strlen(row->name) == length &&
		    strncmp(text, row->name, length) == 0)
			return read_typed(b, (enum unit_type)row->value,
					  skip_spaces(text + length), property);
	return read_untyped(b, text, property);
}

int unitvalue_to_microseconds(struct unit_property *property)
{
	uint64_t value = property->natural;

	switch (property->type) {
	case UNIT_INT32:
	case UNIT_INT64:
		if (property->integer < 0)
			return -EINVAL;
		break;
	case UNIT_UINT32:
	case UNIT_UINT64:
		break;
	case UNIT_DOUBLE:
		if (!(property->real >= 0 && property->real < 1e12))
			return -EINVAL;
		property->type = UNIT_UINT64;
		property->natural = (uint64_t)(property->real * SECOND);
		return 0;
	default:
		return -EINVAL;
	}
	property->type = UNIT_UINT64;
	return __builtin_mul_overflow(value, (uint64_t)SECOND, &property->natural) ? -EINVAL
										   : 0;
}
