/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cpulist - lists such as "0-3,7", of processors or of memory nodes. */
#include "plan/cpulist.h"

static bool read_number(const char **text, unsigned *ret)
{
	unsigned value = 0;

	if (**text < '0' || **text > '9')
		return false;
	for (; **text >= '0' && **text <= '9'; (*text)++) {
		value = value * 10 + (unsigned)(**text - '0');
		if (value >= CPULIST_MAX)
			return false;
	}
	*ret = value;
	return true;
}

/* One "N" or "N-M", and the comma behind it if more follows. */
static bool read_range(const char **text, unsigned *ret_first, unsigned *ret_last)
{
	if (!read_number(text, ret_first))
		return false;
	*ret_last = *ret_first;
	if (**text == '-') {
		(*text)++;
		if (!read_number(text, ret_last) || *ret_last < *ret_first)
			return false;
	}
	if (**text == ',')
		return *++*text != '\0';
	return **text == '\0';
}

bool cpulist_is_valid(const char *list)
{
	unsigned first, last;

	if (!*list)
		return false;
	while (*list)
		if (!read_range(&list, &first, &last))
			return false;
	return true;
}

size_t cpulist_bits(const char *list, uint64_t *words)
{
	unsigned first, last;
	size_t used = 0;

	while (*list && read_range(&list, &first, &last)) {
		for (unsigned i = first; i <= last; i++)
			words[i / 64] |= (uint64_t)1 << i % 64;
		if (last / 64 + 1 > used)
			used = last / 64 + 1;
	}
	return used;
}
