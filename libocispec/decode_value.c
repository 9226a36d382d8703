/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode_value - one number or string into the member that a row names. */
#include "libocispec/decoder.h"

#include <stdint.h>
#include <string.h>

/* Which numbers a kind can hold. */
struct range {
	int64_t min;
	uint64_t max;
};

/* clang-format off */
static const struct range ranges[] = {
	[OCI_I32] = { INT32_MIN, INT32_MAX },
	[OCI_I64] = { INT64_MIN, INT64_MAX },
	[OCI_U16] = { 0,         UINT16_MAX },
	[OCI_U32] = { 0,         UINT32_MAX },
	[OCI_U64] = { 0,         UINT64_MAX },
};
/* clang-format on */

/* Only digits; false if there are too many of them. */
static bool parse_digits(const char *text, size_t length, uint64_t *ret_value)
{
	uint64_t value = 0;

	for (size_t i = 0; i < length; i++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value))
			return false;
	}
	*ret_value = value;
	return true;
}

/*
 * As two's complement. A minus is out of range where there are no negative numbers, also in
 * -0.
 */
static bool parse_in_range(const char *text, size_t length, const struct range *range,
			   uint64_t *ret_value)
{
	uint64_t value;

	if (text[0] != '-')
		return parse_digits(text, length, ret_value) && *ret_value <= range->max;
	if (!parse_digits(text + 1, length - 1, &value) || range->min == 0 ||
	    value > -(uint64_t)range->min)
		return false;
	*ret_value = -value;
	return true;
}

static void store_number(enum oci_kind kind, void *where, uint64_t value)
{
	switch (kind) {
	case OCI_I32:
		*(struct oci_i32 *)where = (struct oci_i32)OCI_SET((int32_t)value);
		break;
	case OCI_I64:
		*(struct oci_i64 *)where = (struct oci_i64)OCI_SET((int64_t)value);
		break;
	case OCI_U16:
		*(struct oci_u16 *)where = (struct oci_u16)OCI_SET((uint16_t)value);
		break;
	case OCI_U32:
		*(struct oci_u32 *)where = (struct oci_u32)OCI_SET((uint32_t)value);
		break;
	default:
		*(struct oci_u64 *)where = (struct oci_u64)OCI_SET(value);
		break;
	}
}

int decoder_put_number(struct decoder *d, const struct oci_field *field, void *where,
		       const char *text, size_t length)
{
	const char *dots;
	int shown = decoder_quote(text, length, &dots);
	uint64_t value = 0;

	if (memchr(text, '.', length) || memchr(text, 'e', length) || memchr(text, 'E', length))
		return decoder_refuse(d, decoder_start(d),
				      "%.*s%s has a fraction or an exponent", shown, text,
				      dots);
	if (!parse_in_range(text, length, &ranges[field->kind], &value))
		return decoder_refuse(d, decoder_start(d), "%.*s%s is out of range", shown,
				      text, dots);
	if (field->shape == OCI_ONE)
		store_number(field->kind, where, value);
	else
		*(uint32_t *)where = (uint32_t)value; /* the only lists of numbers */
	return 1;
}

int decoder_put_string(struct decoder *d, const struct oci_field *field, void *where,
		       const char *text, size_t length)
{
	const char *dots;
	int shown;

	if (field->kind == OCI_STRING) {
		*(const char **)where = arena_text(d->arena, text, length);
		return 1;
	}
	for (unsigned i = 1; field->words[i]; i++) {
		if (strlen(field->words[i]) == length &&
		    memcmp(field->words[i], text, length) == 0) {
			*(unsigned *)where = i;
			return 1;
		}
	}
	shown = decoder_quote(text, length, &dots);
	return decoder_refuse(d, decoder_start(d), "%s \"%.*s\"%s",
			      field->refusal ? field->refusal : "unknown value", shown, text,
			      dots);
}
