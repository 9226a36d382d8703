/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stamp - a time as RFC 3339 writes it. */
#include "shim/loop/stamp.h"

#include <stdbool.h>

static bool is_leap(unsigned year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_of(unsigned month, unsigned year)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month] + (month == 1 && is_leap(year) ? 1u : 0u);
}

/* DIGITS decimal digits and what comes behind them. */
static char *put(char *to, unsigned number, unsigned digits, char behind)
{
	for (unsigned i = digits; i-- > 0; number /= 10)
		to[i] = (char)('0' + number % 10);
	to[digits] = behind;
	return to + digits + 1;
}

void stamp_utc(int64_t seconds, char ret_text[STAMP_SIZE])
{
	const int64_t last = INT64_C(253402300799); /* of the year 9999 */
	int64_t within = seconds < 0 ? 0 : seconds > last ? last : seconds;
	unsigned days = (unsigned)(within / 86400), of_day = (unsigned)(within % 86400);
	unsigned year = 1970, month = 0;
	char *at = ret_text;

	for (; days >= 365u + is_leap(year); year++)
		days -= 365u + is_leap(year);
	for (; days >= days_of(month, year); month++)
		days -= days_of(month, year);
	at = put(at, year, 4, '-');
	at = put(at, month + 1, 2, '-');
	at = put(at, days + 1, 2, 'T');
	at = put(at, of_day / 3600, 2, ':');
	at = put(at, of_day / 60 % 60, 2, ':');
	at = put(at, of_day % 60, 2, 'Z');
	*at = '\0';
}
