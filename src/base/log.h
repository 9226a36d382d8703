/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - lines for a person or a manager, in runc's formats. */
#pragma once

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

enum log_format { LOG_TEXT, LOG_JSON };

/*
 * Where lines go: DESTINATION is a file that is appended to ("file:" may stand in front),
 * "syslog:PROGRAM" or "journald:ID", NULL for stderr; it outlives the log.
 * Lines above LEVEL are dropped.  Without a call, errors go to stderr as text; a later
 * call takes the place of an earlier one.
 */
int log_open(const char *destination, enum log_format format, enum log_level level);

/* True when lines do not go to stderr. */
bool log_has_file(void);

bool log_wants(enum log_level level);

/* One line.  Only errors may reach stderr in commands whose stderr is the container's. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
