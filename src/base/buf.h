/* SPDX-License-Identifier: GPL-2.0-or-later */
/* buf - text that grows. */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

struct buf {
	char *text; /* NULL while empty; else terminated */
	size_t size;
	size_t room;
};

void buf_add(struct buf *buf, const void *bytes, size_t size);
void buf_printf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The text so far, "" when there is none; it stays the buffer's. */
const char *buf_text(const struct buf *buf);

void buf_release(struct buf *buf);
#define _cleanup_buf_ _cleanup_(buf_release)
