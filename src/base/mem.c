/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mem - memory that is there or the process is not. */
#include "base/mem.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void *there(void *memory)
{
	static const char message[] = "tare: out of memory\n";

	if (memory)
		return memory;
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(2);
	_exit(1);
}

void *xcalloc(size_t count, size_t size)
{
	return there(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	return there(reallocarray(old, count ? count : 1, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return there(strdup(text));
}

char *xstrndup(const char *text, size_t size)
{
	return there(strndup(text, size));
}

char *xprintf(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int size;

	va_start(ap, fmt);
	size = vasprintf(&text, fmt, ap);
	va_end(ap);
	return there(size < 0 ? NULL : text);
}

void strings_free(char **strings)
{
	for (size_t i = 0; strings && strings[i]; i++)
		free(strings[i]);
	free(strings);
}
