/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mem - memory that is there or the process is not. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/cleanup.h"

/*
 * All of these end the process with status 1 and a line on stderr when there is
 * no memory: sizes from outside are bounded before they come here.  The caller
 * owns what is returned and gives it back with free().
 */
void *xcalloc(size_t count, size_t size);                  /* zeroed */
void *xreallocarray(void *old, size_t count, size_t size); /* as reallocarray(3) */
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t size);
char *xprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static inline void freep(void *pointer)
{
	free(*(void **)pointer);
}
#define _cleanup_free_ _cleanup_(freep)

/* A list of strings that owns its strings and ends with NULL. */
void strings_free(char **strings);
static inline void strings_freep(char ***strings)
{
	strings_free(*strings);
}
#define _cleanup_strings_ _cleanup_(strings_freep)
