/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frame - ttrpc on a stream socket: ten bytes that say what comes, and what comes. */
#include "shim/ttrpc/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

static void put32(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get32(const uint8_t *in)
{
	return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

void frame_encode(const struct frame *frame, uint8_t out[FRAME_HEADER])
{
	put32(out, frame->size);
	put32(out + 4, frame->stream);
	out[8] = frame->type;
	out[9] = frame->flags;
}

void frame_decode(const uint8_t in[FRAME_HEADER], struct frame *ret_frame)
{
	*ret_frame = (struct frame){ get32(in), get32(in + 4), in[8], in[9] };
}

static void next_frame(struct frame_reader *reader)
{
	free(take(reader->data));
	reader->have = 0;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The header is whole: make room for the data. */
static void begin_data(struct frame_reader *reader)
{
	frame_decode(reader->header, &reader->frame);
	if (reader->frame.size <= FRAME_DATA_MAX)
		reader->data = xcalloc(1, (size_t)reader->frame.size + 1);
}

static bool is_whole(const struct frame_reader *reader)
{
	return reader->have >= FRAME_HEADER &&
	       reader->have - FRAME_HEADER == reader->frame.size;
}

int frame_take(struct frame_reader *reader, const uint8_t *bytes, size_t size, size_t *used)
{
	size_t n;

	*used = 0;
	if (is_whole(reader))
		next_frame(reader);
	if (reader->have < FRAME_HEADER) {
		n = smaller(size, FRAME_HEADER - reader->have);
		memcpy(reader->header + reader->have, bytes, n);
		reader->have += n;
		*used = n;
		if (reader->have < FRAME_HEADER)
			return FRAME_AGAIN;
		begin_data(reader);
	}
	n = smaller(size - *used, FRAME_HEADER + (size_t)reader->frame.size - reader->have);
	if (reader->data && n > 0)
		memcpy(reader->data + (reader->have - FRAME_HEADER), bytes + *used, n);
	reader->have += n;
	*used += n;
	if (!is_whole(reader))
		return FRAME_AGAIN;
	return reader->data ? FRAME_WHOLE : FRAME_TOO_LARGE;
}

/* How much is missing to the end of what is being read: header or data. */
static size_t wanted(const struct frame_reader *reader)
{
	if (reader->have < FRAME_HEADER)
		return FRAME_HEADER - reader->have;
	return FRAME_HEADER + (size_t)reader->frame.size - reader->have;
}

/* Never more than this frame's bytes are taken from the socket: nothing is left to keep. */
int frame_read(struct frame_reader *reader, int fd)
{
	if (is_whole(reader))
		next_frame(reader);
	for (;;) {
		uint8_t bytes[4096];
		ssize_t n = read(fd, bytes, smaller(sizeof(bytes), wanted(reader)));
		size_t used;
		int progress;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return FRAME_AGAIN;
		if (n <= 0)
			return n == 0 ? -ECONNRESET : -errno;
		progress = frame_take(reader, bytes, (size_t)n, &used);
		if (progress != FRAME_AGAIN)
			return progress;
	}
}

void frame_reader_release(struct frame_reader *reader)
{
	next_frame(reader);
}

int frame_write(struct frame_writer *writer, const struct frame *frame, const void *data)
{
	uint8_t header[FRAME_HEADER];

	if (writer->waiting.size > FRAME_WAITING_MAX)
		return -ENOBUFS;
	frame_encode(frame, header);
	buf_add(&writer->waiting, header, sizeof(header));
	if (frame->size)
		buf_add(&writer->waiting, data, frame->size);
	return 0;
}

int64_t frame_flush(struct frame_writer *writer, int fd)
{
	while (writer->written < writer->waiting.size) {
		ssize_t n = send(fd, writer->waiting.text + writer->written,
				 writer->waiting.size - writer->written,
				 MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return (int64_t)(writer->waiting.size - writer->written);
		if (n < 0)
			return -errno;
		writer->written += (size_t)n;
	}
	frame_writer_release(writer);
	return 0;
}

void frame_writer_release(struct frame_writer *writer)
{
	buf_release(&writer->waiting);
	writer->written = 0;
}
