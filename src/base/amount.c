/* SPDX-License-Identifier: GPL-2.0-or-later */
/* amount - bytes and times as people write them. */
#include "base/amount.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"

struct unit {
	const char *name;
	int64_t size;
};

/* clang-format off */
/* A longer name stands before one that it begins with. */
static const struct unit times[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "\302\265s", 1000 }, /* both of the Greek letters */
	{ "\316\274s", 1000 },
	{ "ms", 1000000 },
	{ "s",  1000000000 },
	{ "m",  60000000000 },
	{ "h",  3600000000000 },
};
/* clang-format on */

/* Digits that make a fraction of one; more than these make no difference. */
#define FRACTION_MAX 1000000000000000

/* "1", "1.5", ".5", "1." times UNIT, added to *SUM. */
static int add_decimal(const char *whole, size_t whole_size, const char *fraction,
		       size_t fraction_size, int64_t unit, int64_t *sum)
{
	int64_t value = 0, part = 0, scale = 1;

	for (size_t i = 0; i < whole_size; i++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, whole[i] - '0', &value))
			return -EINVAL;
	for (size_t i = 0; i < fraction_size && scale < FRACTION_MAX; i++) {
		part = part * 10 + (fraction[i] - '0');
		scale *= 10;
	}
	if (__builtin_mul_overflow(value, unit, &value) ||
	    __builtin_add_overflow(value, (int64_t)((__int128)part * unit / scale), &value) ||
	    __builtin_add_overflow(*sum, value, sum))
		return -EINVAL;
	return 0;
}

/* Read a decimal number at *TEXT, and move behind it. */
struct decimal {
	const char *whole, *fraction;
	size_t whole_size, fraction_size;
};

static int take_decimal(const char **text, struct decimal *ret)
{
	static const char digits[] = "0123456789";
	struct decimal decimal = { .whole = *text, .whole_size = strspn(*text, digits) };

	*text += decimal.whole_size;
	if (**text == '.') {
		decimal.fraction = *text + 1;
		decimal.fraction_size = strspn(decimal.fraction, digits);
		*text += 1 + decimal.fraction_size;
	}
	if (decimal.whole_size + decimal.fraction_size == 0)
		return -EINVAL;
	*ret = decimal;
	return 0;
}

/* " KiB", "k", "b", "" */
static int read_unit(const char *text, int64_t *ret)
{
	static const char prefixes[] = "kmgtp";
	const char *prefix;
	char small;

	text += *text == ' ';
	small = (char)(*text | 0x20);
	prefix = *text ? strchr(prefixes, small) : NULL;
	*ret = prefix ? (int64_t)1 << (10 * (prefix - prefixes + 1)) : 1;
	text += prefix != NULL;
	if (prefix && (*text | 0x20) == 'i')
		text++;
	text += (*text | 0x20) == 'b';
	return *text ? -EINVAL : 0;
}

int amount_bytes(const char *text, int64_t *ret)
{
	struct decimal number;
	int64_t unit, sum = 0;

	if (strcmp(text, "-1") == 0) {
		*ret = -1;
		return 0;
	}
	if (take_decimal(&text, &number) || read_unit(text, &unit) ||
	    add_decimal(number.whole, number.whole_size, number.fraction, number.fraction_size,
			unit, &sum))
		return -EINVAL;
	*ret = sum;
	return 0;
}

static int take_time_unit(const char **text, int64_t *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		size_t length = strlen(times[i].name);

		if (strncmp(*text, times[i].name, length) == 0) {
			*text += length;
			*ret = times[i].size;
			return 0;
		}
	}
	return -EINVAL;
}

int amount_time(const char *text, int64_t *ret)
{
	bool is_negative = *text == '-';
	int64_t sum = 0;

	text += *text == '-' || *text == '+';
	if (strcmp(text, "0") == 0) {
		*ret = 0;
		return 0;
	}
	do {
		struct decimal number;
		int64_t unit;

		if (take_decimal(&text, &number) || take_time_unit(&text, &unit) ||
		    add_decimal(number.whole, number.whole_size, number.fraction,
				number.fraction_size, unit, &sum))
			return -EINVAL;
	} while (*text);
	*ret = is_negative ? -sum : sum;
	return 0;
}

int amount_signed(const char *text, int64_t *ret)
{
	bool is_negative = *text == '-';
	uint64_t value;

	text += *text == '-' || *text == '+';
	if (number_u64(text, INT64_MAX, &value))
		return -EINVAL;
	*ret = is_negative ? -(int64_t)value : (int64_t)value;
	return 0;
}
