/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - lines for a person or a manager, in runc's formats. */
#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"

#define HIGH_FD 500

static struct {
	int fd;
	enum log_format format;
	enum log_level level;
} sink = { .fd = STDERR_FILENO, .level = LOG_WARNING };

static const char *const level_names[] = { "error", "warning", "info", "debug" };

int log_open(const char *destination, enum log_format format, enum log_level level)
{
	sink.format = format;
	sink.level = level;
	if (!destination || !*destination)
		return 0;
	/* Managers read this file while we append to it; each line is one write. */
	_cleanup_close_ int fd =
		fd_open(AT_FDCWD, destination, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0644);

	if (fd < 0)
		return fd;
	/* Out of the way of the descriptors that the caller may have for the container. */
	sink.fd = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);
	if (sink.fd < 0)
		sink.fd = fd_take(&fd);
	return 0;
}

bool log_has_file(void)
{
	return sink.fd != STDERR_FILENO;
}

bool log_wants(enum log_level level)
{
	return level <= sink.level;
}

static void add_quoted(struct buf *line, const char *text)
{
	buf_add(line, "\"", 1);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			buf_printf(line, "\\%c", c);
		else if (c == '\n')
			buf_add(line, "\\n", 2);
		else if (c == '\t')
			buf_add(line, "\\t", 2);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(line, "\\u%04x", c);
		else
			buf_add(line, text, 1);
	}
	buf_add(line, "\"", 1);
}

static void format_line(struct buf *line, enum log_level level, const char *message)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
	if (sink.format == LOG_JSON)
		buf_printf(line, "{\"level\":\"%s\",\"msg\":", level_names[level]);
	else
		buf_printf(line, "time=\"%s\" level=%s msg=", stamp, level_names[level]);
	add_quoted(line, message);
	if (sink.format == LOG_JSON)
		buf_printf(line, ",\"time\":\"%s\"}", stamp);
	buf_add(line, "\n", 1);
}

void log_line(enum log_level level, const char *fmt, ...)
{
	_cleanup_buf_ struct buf line = { 0 };
	char message[ERR_TEXT_MAX + 256];
	va_list ap;
	ssize_t written;

	if (!log_wants(level))
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	format_line(&line, level, message);
	written = write(sink.fd, line.text, line.size);
	(void)written; /* there is nobody left to tell */
}
