/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frame - ttrpc on a stream socket: ten bytes that say what comes, and what comes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define FRAME_HEADER 10
#define FRAME_DATA_MAX (4u << 20)

enum frame_type { FRAME_REQUEST = 1, FRAME_RESPONSE = 2, FRAME_DATA = 3 };

struct frame {
	uint32_t size; /* of what follows the header */
	uint32_t stream;
	uint8_t type; /* enum frame_type, or what nobody knows */
	uint8_t flags;
};

void frame_encode(const struct frame *frame, uint8_t out[FRAME_HEADER]);
void frame_decode(const uint8_t in[FRAME_HEADER], struct frame *ret_frame);

/* Reads frames from bytes as they come. Zeroed at first. */
struct frame_reader {
	uint8_t header[FRAME_HEADER];
	size_t have; /* of header and data together */
	struct frame frame;
	uint8_t *data; /* NULL before the header is whole, and for what is too large */
};

enum frame_progress {
	FRAME_AGAIN,    /* all that is there has been read */
	FRAME_WHOLE,    /* reader.frame and reader.data: until the next call */
	FRAME_TOO_LARGE /* reader.frame alone; its data was thrown away */
};

/*
 * Read from FD, which does not block, up to the end of a frame. Returns an enum frame_progress;
 * -ECONNRESET at the end of the stream and other -errno without a record.
 */
int frame_read(struct frame_reader *reader, int fd);

/* The same for bytes in memory; *USED says how many were taken. For frame_read() and fuzzing. */
int frame_take(struct frame_reader *reader, const uint8_t *bytes, size_t size, size_t *used);

void frame_reader_release(struct frame_reader *reader);

/* Frames that wait to be written. */
struct frame_writer {
	struct buf waiting;
	size_t written; /* of these */
};

#define FRAME_WAITING_MAX (8u << 20) /* of who does not read what was asked for */

/* Add a frame. -ENOBUFS without a record when more than FRAME_WAITING_MAX bytes wait. */
int frame_write(struct frame_writer *writer, const struct frame *frame, const void *data);

/* Write what can be written. Returns how many bytes wait; -errno without a record. */
int64_t frame_flush(struct frame_writer *writer, int fd);

void frame_writer_release(struct frame_writer *writer);
