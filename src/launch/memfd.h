/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memfd - bytes in a file of their own that nobody can change any more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * A sealed memfd called NAME with BYTES in it; IS_PROGRAM: mode 0500, to be
 * executed.  memfd_create(2), F_ADD_SEALS in fcntl(2).  Returns a descriptor.
 */
int memfd_sealed(const char *name, const void *bytes, size_t size, bool is_program);
