/* SPDX-License-Identifier: GPL-2.0-or-later */
/* buf - text that grows. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void make_room(struct buf *buf, size_t more)
{
	size_t wanted = buf->size + more + 1;

	if (wanted <= buf->room)
		return;
	buf->room = wanted * 2;
	buf->text = xreallocarray(buf->text, buf->room, 1);
}

void buf_add(struct buf *buf, const void *bytes, size_t size)
{
	make_room(buf, size);
	memcpy(buf->text + buf->size, bytes, size);
	buf->size += size;
	buf->text[buf->size] = '\0';
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list ap;
	int size;

	va_start(ap, fmt);
	size = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (size < 0)
		return;
	make_room(buf, (size_t)size);
	va_start(ap, fmt);
	vsnprintf(buf->text + buf->size, (size_t)size + 1, fmt, ap);
	va_end(ap);
	buf->size += (size_t)size;
}

const char *buf_text(const struct buf *buf)
{
	return buf->text ? buf->text : "";
}

void buf_release(struct buf *buf)
{
	free(buf->text);
	*buf = (struct buf){ 0 };
}
