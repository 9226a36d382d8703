/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture - the last that a program wrote. */
#include "hooks/capture.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"

/* A program that writes without end must not keep us from looking at the clock. */
#define READS_MAX 64

static void append(struct capture *capture, const char *bytes, size_t size)
{
	size_t keep = CAPTURE_SIZE - size;

	if (capture->size > keep) {
		memmove(capture->text, capture->text + capture->size - keep, keep);
		capture->size = keep;
	}
	memcpy(capture->text + capture->size, bytes, size);
	capture->size += size;
}

void capture_read(struct capture *capture)
{
	char chunk[CAPTURE_SIZE];

	for (int i = 0; i < READS_MAX && capture->fd >= 0; i++) {
		ssize_t n = read(capture->fd, chunk, sizeof(chunk));

		if (n > 0) {
			append(capture, chunk, (size_t)n);
			continue;
		}
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		fd_close(fd_take(&capture->fd));
	}
}

const char *capture_text(struct capture *capture, size_t limit)
{
	size_t from = 0;

	while (capture->size > 0 && capture->text[capture->size - 1] == '\n')
		capture->size--;
	capture->text[capture->size] = '\0';
	if (capture->size > limit)
		from = capture->size - limit;
	/* Not in the middle of a UTF-8 character. */
	while (from > 0 && from < capture->size && (capture->text[from] & 0xc0) == 0x80)
		from++;
	return capture->text + from;
}
