/* SPDX-License-Identifier: GPL-2.0-or-later */
/* utf8 - what a text must be before a JSON parser may see it. */
#pragma once

#include <stddef.h>

/*
 * How many bytes the character at TEXT has, of which SIZE bytes can be read: 1 to 4; or 0 if
 * it is not UTF-8 (overlong forms, surrogates and what is beyond U+10FFFF are not).
 */
size_t oci_utf8_length(const char *text, size_t size);

/*
 * How many of the SIZE bytes at TEXT can be seen, several at a time, to need no escape in a JSON
 * string and no closer look: perhaps there are some more.
 */
size_t oci_utf8_plain(const char *text, size_t size);

/*
 * Look through JSON text for what yajl lets pass: invalid UTF-8, NUL (also as an escape), lone
 * surrogates, form feeds and the like. Returns NULL, or what is wrong; then *RET_OFFSET is
 * where.
 */
const char *oci_utf8_check(const char *text, size_t size, size_t *ret_offset);
