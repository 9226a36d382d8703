/* SPDX-License-Identifier: GPL-2.0-or-later */
/* utf8 - what a text must be before a JSON parser may see it. */
#include "libocispec/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))
#define TOP_BITS EACH_BYTE(0x80u)

/* Not zero if one of the eight bytes of WORD is less than VALUE, which is at most 0x80. */
static uint64_t has_less(uint64_t word, unsigned value)
{
	return (word - EACH_BYTE(value)) & ~word & TOP_BITS;
}

static uint64_t has_byte(uint64_t word, unsigned char byte)
{
	return has_less(word ^ EACH_BYTE(byte), 1);
}

/* As signed numbers, what is no ASCII is less than a space, too. */
typedef signed char bytes16 __attribute__((vector_size(16)));

static bool is_plain16(const char *text, char stop)
{
	bytes16 bytes, found;
	uint64_t halves[2];

	memcpy(&bytes, text, sizeof(bytes));
	found = (bytes < 0x20) | (bytes == '\\') | (bytes == stop);
	memcpy(halves, &found, sizeof(halves));
	return (halves[0] | halves[1]) == 0;
}

/* How many of the first bytes are ASCII that is printed, and neither a backslash nor STOP. */
static inline size_t skip_plain(const char *text, size_t size, char stop)
{
	size_t at = 0;

	while (size - at >= sizeof(bytes16) && is_plain16(text + at, stop))
		at += sizeof(bytes16);
	for (; size - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, text + at, sizeof(word));
		if (word & TOP_BITS || has_less(word, 0x20) || has_byte(word, '\\') ||
		    has_byte(word, (unsigned char)stop))
			break;
	}
	return at;
}

size_t oci_utf8_plain(const char *text, size_t size)
{
	return skip_plain(text, size, '"');
}

static bool is_continued(const unsigned char *text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if ((text[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* RFC 3629, 4: only a first byte of E0, ED, F0 or F4 says something about the second. */
size_t oci_utf8_length(const char *text, size_t size)
{
	const unsigned char *t = (const unsigned char *)text;
	size_t length;

	if (size == 0)
		return 0;
	if (t[0] < 0x80)
		return 1;
	if (t[0] < 0xc2 || t[0] > 0xf4)
		return 0;
	length = t[0] < 0xe0 ? 2 : t[0] < 0xf0 ? 3 : 4;
	if (size < length || !is_continued(t, 1, length))
		return 0;
	if ((t[0] == 0xe0 && t[1] < 0xa0) || (t[0] == 0xed && t[1] > 0x9f) ||
	    (t[0] == 0xf0 && t[1] < 0x90) || (t[0] == 0xf4 && t[1] > 0x8f))
		return 0;
	return length;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* The number in \uXXXX at TEXT, or -1 if that is not what is there. */
static int unicode_escape(const char *text, size_t size)
{
	int value = 0;

	if (size < 6 || text[0] != '\\' || text[1] != 'u')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* A backslash: *RET_LENGTH bytes go together. What is not an escape at all is left to yajl. */
static const char *check_escape(const char *text, size_t size, size_t *ret_length)
{
	int first = unicode_escape(text, size);

	*ret_length = 2;
	if (first < 0)
		return NULL;
	*ret_length = 6;
	if (first == 0)
		return "a NUL character is not allowed";
	if (first < 0xd800 || first > 0xdfff)
		return NULL;
	if (first < 0xdc00) {
		int second = unicode_escape(text + 6, size - 6);

		*ret_length = 12;
		if (second >= 0xdc00 && second <= 0xdfff)
			return NULL;
	}
	return "a surrogate without its other half";
}

/* One character: *RET_LENGTH says how many bytes it has. */
static const char *check_one(const char *text, size_t size, size_t *ret_length)
{
	unsigned char c = (unsigned char)text[0];

	*ret_length = 1;
	if (c == '\\')
		return check_escape(text, size, ret_length);
	if (c == 0)
		return "a NUL character is not allowed";
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r'
			       ? NULL
			       : "a control character is not allowed";
	*ret_length = oci_utf8_length(text, size);
	return *ret_length ? NULL : "not UTF-8";
}

const char *oci_utf8_check(const char *text, size_t size, size_t *ret_offset)
{
	size_t at = skip_plain(text, size, '\\');

	while (at < size) {
		unsigned char c = (unsigned char)text[at];
		const char *wrong;
		size_t length;

		if (c >= 0x20 && c < 0x80 && c != '\\') {
			at++;
			continue;
		}
		wrong = check_one(text + at, size - at, &length);
		if (wrong) {
			*ret_offset = at;
			return wrong;
		}
		/* A backslash may be the last byte: what it quotes is not there. */
		at += length < size - at ? length : size - at;
		at += skip_plain(text + at, size - at, '\\');
	}
	return NULL;
}
