/* SPDX-License-Identifier: GPL-2.0-or-later */
/* string - memory and text; small, not fast: nothing here is long. */
#include <string.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>

/* Else a compiler would make of the loop in memcpy() what it is: a call of memcpy(). */
#define KEEP_LOOP() __asm__ volatile("" ::: "memory")

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		((char *)to)[i] = ((const char *)from)[i];
		KEEP_LOOP();
	}
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	if ((uintptr_t)to <= (uintptr_t)from)
		return memcpy(to, from, size);
	for (size_t i = size; i > 0; i--) {
		((char *)to)[i - 1] = ((const char *)from)[i - 1];
		KEEP_LOOP();
	}
	return to;
}

void *memset(void *to, int byte, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		((char *)to)[i] = (char)byte;
		KEEP_LOOP();
	}
	return to;
}

int memcmp(const void *left, const void *right, size_t size)
{
	const unsigned char *l = left, *r = right;

	for (size_t i = 0; i < size; i++)
		if (l[i] != r[i])
			return l[i] - r[i];
	return 0;
}

void *memchr(const void *bytes, int byte, size_t size)
{
	const unsigned char *b = bytes;

	for (size_t i = 0; i < size; i++)
		if (b[i] == (unsigned char)byte)
			return (void *)(b + i);
	return NULL;
}

size_t strlen(const char *text)
{
	size_t size = 0;

	for (; text[size]; size++)
		KEEP_LOOP();
	return size;
}

size_t strnlen(const char *text, size_t size)
{
	const char *end = memchr(text, '\0', size);

	return end ? (size_t)(end - text) : size;
}

int strncmp(const char *left, const char *right, size_t size)
{
	for (; size > 0 && *left && *left == *right; size--) {
		left++;
		right++;
	}
	return size > 0 ? (unsigned char)*left - (unsigned char)*right : 0;
}

int strcmp(const char *left, const char *right)
{
	return strncmp(left, right, SIZE_MAX);
}

char *strchr(const char *text, int byte)
{
	return memchr(text, byte, strlen(text) + 1);
}

char *strrchr(const char *text, int byte)
{
	for (size_t i = strlen(text) + 1; i > 0; i--)
		if (text[i - 1] == (char)byte)
			return (char *)text + i - 1;
	return NULL;
}

static size_t span(const char *text, const char *bytes, bool is_among)
{
	size_t size = 0;

	while (text[size] && !!strchr(bytes, text[size]) == is_among)
		size++;
	return size;
}

size_t strspn(const char *text, const char *accept)
{
	return span(text, accept, true);
}

size_t strcspn(const char *text, const char *reject)
{
	return span(text, reject, false);
}

/* What <ctype.h> of glibc looks into: entries for -128 to 255, of ASCII only. */
#define CTYPE_LOW 128
#define CTYPE_SIZE (CTYPE_LOW + 256)

/* clang-format off */
static const struct {
	unsigned char first, last;
	unsigned short class;
} classes[] = {
	{ '\t', '\r', (unsigned short)_ISspace },
	{ ' ',  ' ',  (unsigned short)(_ISspace | _ISprint) },
	{ '!',  '~',  (unsigned short)_ISprint },
	{ '0',  '9',  (unsigned short)(_ISdigit | _ISalnum) },
	{ 'A',  'Z',  (unsigned short)(_ISupper | _ISalpha | _ISalnum) },
	{ 'a',  'z',  (unsigned short)(_ISlower | _ISalpha | _ISalnum) },
};
/* clang-format on */

const unsigned short **__ctype_b_loc(void)
{
	static unsigned short values[CTYPE_SIZE];
	static const unsigned short *table = values + CTYPE_LOW;

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		for (int c = classes[i].first; c <= classes[i].last; c++)
			values[CTYPE_LOW + c] |= classes[i].class;
	return &table;
}

int(tolower)(int byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

const int32_t **__ctype_tolower_loc(void)
{
	static int32_t values[CTYPE_SIZE];
	static const int32_t *table = values + CTYPE_LOW;

	for (int c = -CTYPE_LOW; c < CTYPE_SIZE - CTYPE_LOW; c++)
		values[CTYPE_LOW + c] = (tolower)(c);
	return &table;
}
