/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strlen - for a static program: musl's looks at the bytes of a name one by one up to where words
 * begin, and the names are short.  The linker puts it in strlen's place (--wrap).
 */
#include <endian.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t bytes __attribute__((vector_size(16), may_alias));
typedef uint64_t words __attribute__((vector_size(16)));

/* An aligned block is on one page, so what is read before and behind the text is there. */
#define UNCHECKED __attribute__((no_sanitize("address")))

size_t __wrap_strlen(const char *text);

/* Where the first zero of the BLOCK is, not counting the first BEFORE bytes; 16: there is none. */
UNCHECKED static size_t first_zero(const char *block, size_t before)
{
	words found = (words)(*(const bytes *)(const void *)block == 0);
	uint64_t low = le64toh(found[0]), high = le64toh(found[1]);

	low = before < 8 ? low & ~UINT64_C(0) << 8 * before : 0;
	high = before > 8 ? high & ~UINT64_C(0) << 8 * (before - 8) : high;
	if (low)
		return (size_t)__builtin_ctzll(low) / 8;
	return high ? 8 + (size_t)__builtin_ctzll(high) / 8 : 16;
}

UNCHECKED size_t __wrap_strlen(const char *text)
{
	size_t before = (uintptr_t)text % sizeof(bytes);
	const char *block = text - before;
	size_t zero = first_zero(block, before);

	while (zero == sizeof(bytes)) {
		block += sizeof(bytes);
		zero = first_zero(block, 0);
	}
	return (size_t)(block - text) + zero;
}
