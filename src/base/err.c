/* SPDX-License-Identifier: GPL-2.0-or-later */
/* err - say what failed, once, where it is known. */
#include "base/err.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct err last;

__attribute__((format(printf, 4, 0))) static void start(int code, const char *file, int line,
							const char *fmt, va_list ap)
{
	assert(code > 0);
	assert(last.code == 0); /* an earlier failure was neither passed on nor cleared */

	last.code = code;
	last.line = line;
	snprintf(last.file, sizeof(last.file), "%s", file);
	vsnprintf(last.text, sizeof(last.text), fmt, ap);
}

int err_raise(int code, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	start(code, file, line, fmt, ap);
	va_end(ap);
	last.is_system = true;
	return -code;
}

int err_raise_text(int code, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	start(code, file, line, fmt, ap);
	va_end(ap);
	last.is_system = false;
	return -code;
}

int err_prepend(const char *fmt, ...)
{
	char inner[ERR_TEXT_MAX];
	va_list ap;
	size_t used;

	assert(last.code > 0);

	memcpy(inner, last.text, sizeof(inner));
	va_start(ap, fmt);
	vsnprintf(last.text, sizeof(last.text), fmt, ap);
	va_end(ap);

	used = strlen(last.text);
	snprintf(last.text + used, sizeof(last.text) - used, ": %s", inner);
	return -last.code;
}

void err_clear(void)
{
	last.code = 0;
}

const struct err *err_last(void)
{
	return &last;
}

int err_adopt(const struct err *other)
{
	assert(other->code > 0);

	last = *other;
	last.file[sizeof(last.file) - 1] = '\0';
	last.text[sizeof(last.text) - 1] = '\0';
	return -last.code;
}

void err_text(const struct err *err, char *out, size_t size)
{
	if (err->is_system)
		snprintf(out, size, "%s: %s", err->text, err_name(err->code));
	else
		snprintf(out, size, "%s", err->text);
}
