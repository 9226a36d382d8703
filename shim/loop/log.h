/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log - lines for containerd's log; never waited for. */
#pragma once

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Lines above LEVEL are dropped; at first, those above warnings. */
void log_limit(enum log_level level);

/* One line on stderr; a reader who is not there, or does not read, misses it. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The error record, which is cleared. */
void log_recorded(enum log_level level);

#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
