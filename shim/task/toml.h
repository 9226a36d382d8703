/* SPDX-License-Identifier: GPL-2.0-or-later */
/* toml - the flat part of TOML: KEY = VALUE lines, as managers write options. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct toml_value {
	const char *key; /* bare or quoted; in this order of the file */
	enum { TOML_BOOL, TOML_NUMBER, TOML_STRING } kind;
	bool boolean;
	long long number;
	const char *text;
};

#define TOML_MAX (1u << 20) /* bytes */
#define TOML_WORD_MAX 4096  /* of a key or a string */

/* Reads TEXT line by line. Zeroed but for TEXT and SIZE at first. */
struct toml {
	const char *text;
	size_t size;
	size_t at;
	unsigned line;
	char *key, *word; /* of the last value */
};

/*
 * The next value into *RET_VALUE, which is good until the next call. Tables, arrays, dates and
 * fractions are refused, with their line. Returns 1; 0 at the end; -EINVAL with a record.
 */
int toml_next(struct toml *toml, struct toml_value *ret_value);

void toml_release(struct toml *toml);
