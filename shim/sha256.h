/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sha256 - FIPS 180-4, for the names of sockets. */
#pragma once

#include <stddef.h>

#define SHA256_TEXT 65 /* hexadecimal digits and a NUL */

void sha256_text(const void *bytes, size_t size, char ret_text[SHA256_TEXT]);
