/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture - the last that a program wrote. */
#pragma once

#include <stddef.h>

#define CAPTURE_SIZE 4096

/* Start with { .fd = the reading end, non-blocking }. */
struct capture {
	int fd; /* NO_FD: at its end */
	size_t size;
	char text[CAPTURE_SIZE + 1];
};

/* Take what is there now; at the end of the stream the descriptor is closed. */
void capture_read(struct capture *capture);

/* The last LIMIT bytes without newlines at the end, as a string within CAPTURE. */
const char *capture_text(struct capture *capture, size_t limit);
