/* SPDX-License-Identifier: GPL-2.0-or-later */
/* note - lines for containerd's log; never waited for. */
#include "shim/loop/note.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "shim/loop/stamp.h"

static enum note_level limit = NOTE_WARNING;

static const char *const names[] = { "error", "warning", "info", "debug" };

void note_limit(enum note_level level)
{
	limit = level;
}

static void add_quoted(struct buf *line, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			buf_printf(line, "\\%c", c);
		else if (c == '\n')
			buf_add(line, "\\n", 2);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(line, "\\x%02x", c);
		else
			buf_add(line, text, 1);
	}
}

void note_line(enum note_level level, const char *fmt, ...)
{
	_cleanup_buf_ struct buf line = { 0 };
	char message[ERR_TEXT_MAX + 256], stamp[STAMP_SIZE];
	va_list ap;
	ssize_t written;

	if (level > limit)
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	stamp_utc(time(NULL), stamp);
	buf_printf(&line, "time=\"%s\" level=%s msg=\"", stamp, names[level]);
	add_quoted(&line, message);
	buf_add(&line, "\"\n", 2);
	written = write(STDERR_FILENO, line.text, line.size);
	(void)written; /* there is nobody left to tell */
}

void note_recorded(enum note_level level)
{
	char text[ERR_TEXT_MAX + 128];

	err_text(err_last(), text, sizeof(text));
	err_clear();
	note_line(level, "%s", text);
}
