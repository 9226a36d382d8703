/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - lines for a person or a manager, in runc's formats. */
#include "base/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/logsocket.h"

#define HIGH_FD 500

#define JOURNAL "/run/systemd/journal/socket"
#define SYSLOG "/dev/log"

enum sink_kind { SINK_FILE, SINK_SYSLOG, SINK_JOURNAL };

static struct {
	int fd;
	enum sink_kind kind;
	const char *name; /* SINK_SYSLOG: the program; SINK_JOURNAL: the id */
	enum log_format format;
	enum log_level level;
} sink = { .fd = STDERR_FILENO, .level = LOG_WARNING };

static const char *const level_names[] = { "error", "warning", "info", "debug" };

/* What stands in DESTINATION behind PREFIX, or NULL. */
static const char *behind(const char *destination, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(destination, prefix, length) == 0 ? destination + length : NULL;
}

static int open_destination(const char *destination)
{
	const char *file = behind(destination, "file:") ?: destination;
	const char *name;

	if ((name = behind(destination, "syslog:"))) {
		sink.kind = SINK_SYSLOG;
		sink.name = *name ? name : "tare";
		return logsocket_open(SYSLOG);
	}
	if ((name = behind(destination, "journald:"))) {
		sink.kind = SINK_JOURNAL;
		sink.name = name;
		return logsocket_open(JOURNAL);
	}
	/* Managers read this file while we append to it; each line is one write. */
	return fd_open(AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0644);
}

static void close_destination(void)
{
	if (sink.fd != STDERR_FILENO)
		fd_close(sink.fd);
	sink.fd = STDERR_FILENO;
	sink.kind = SINK_FILE;
}

int log_open(const char *destination, enum log_format format, enum log_level level)
{
	_cleanup_close_ int fd = NO_FD;

	close_destination();
	sink.format = format;
	sink.level = level;
	if (!destination || !*destination)
		return 0;
	fd = open_destination(destination);
	if (fd < 0) {
		sink.kind = SINK_FILE;
		return fd;
	}
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

static void write_line(enum log_level level, const char *message)
{
	_cleanup_buf_ struct buf line = { 0 };
	ssize_t written;

	format_line(&line, level, message);
	written = write(sink.fd, line.text, line.size);
	(void)written; /* there is nobody left to tell */
}

void log_line(enum log_level level, const char *fmt, ...)
{
	char message[ERR_TEXT_MAX + 256];
	va_list ap;

	if (!log_wants(level))
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	switch (sink.kind) {
	case SINK_FILE:
		write_line(level, message);
		break;
	case SINK_SYSLOG:
		logsocket_syslog(sink.fd, sink.name, level, message);
		break;
	case SINK_JOURNAL:
		logsocket_journal(sink.fd, sink.name, level, message);
		break;
	}
}
