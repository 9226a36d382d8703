/* SPDX-License-Identifier: GPL-2.0-or-later */
/* note - lines for containerd's log; never waited for. */
#pragma once

#include <stdbool.h>

enum note_level { NOTE_ERROR, NOTE_WARNING, NOTE_INFO, NOTE_DEBUG };

/* Lines above LEVEL are dropped; at first, those above warnings. */
void note_limit(enum note_level level);

/* One line on stderr; a reader who is not there, or does not read, misses it. */
void note_line(enum note_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The error record, which is cleared. */
void note_recorded(enum note_level level);

#define note_debug(...) note_line(NOTE_DEBUG, __VA_ARGS__)
#define note_info(...) note_line(NOTE_INFO, __VA_ARGS__)
#define note_warning(...) note_line(NOTE_WARNING, __VA_ARGS__)
