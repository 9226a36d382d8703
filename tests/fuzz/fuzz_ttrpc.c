/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_ttrpc - any bytes as what a client of the shim sends: frames, requests, their payloads. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shim/api/ttrpc.pb-c.h"
#include "shim/task/methods.h"
#include "shim/ttrpc/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int is_true)
{
	if (!is_true)
		abort();
}

/* What can be read can be written, in as many bytes as was said. */
static void read_payload(const ProtobufCMessageDescriptor *type, const uint8_t *data,
			 size_t size)
{
	ProtobufCMessage *message = protobuf_c_message_unpack(type, NULL, size, data);
	size_t packed;
	uint8_t *bytes;

	if (!message)
		return;
	packed = protobuf_c_message_get_packed_size(message);
	bytes = malloc(packed + 1);
	must(bytes && protobuf_c_message_pack(message, bytes) == packed);
	protobuf_c_message_free_unpacked(message, NULL);
	free(bytes);
}

static void read_request(const uint8_t *data, size_t size)
{
	Api__Request *request = api__request__unpack(NULL, size, data);

	if (!request)
		return;
	for (const struct method *method = task_services[0].methods; method->name; method++)
		if (strcmp(method->name, request->method) == 0)
			read_payload(method->request, request->payload.data,
				     request->payload.len);
	api__request__free_unpacked(request, NULL);
}

/* Frames in pieces of STEP bytes. */
static size_t read_frames(const uint8_t *data, size_t size, size_t step, uint64_t *sum)
{
	struct frame_reader reader = { 0 };
	size_t frames = 0, at = 0;

	while (at < size) {
		size_t piece = size - at < step ? size - at : step, used;
		int progress = frame_take(&reader, data + at, piece, &used);

		must(used > 0 && used <= piece);
		at += used;
		if (progress == FRAME_AGAIN)
			continue;
		frames++;
		*sum = *sum * 31 + reader.frame.size + reader.frame.stream + reader.frame.type;
		must((progress == FRAME_WHOLE) == (reader.frame.size <= FRAME_DATA_MAX));
		if (progress == FRAME_WHOLE && reader.frame.type == FRAME_REQUEST)
			read_request(reader.data, reader.frame.size);
	}
	frame_reader_release(&reader);
	return frames;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t whole = 0, pieces = 0;

	must(read_frames(data, size, size ? size : 1, &whole) ==
	     read_frames(data, size, 1 + size % 7, &pieces));
	must(whole == pieces);
	read_request(data, size);
	for (const struct method *method = task_services[0].methods; method->name; method++)
		read_payload(method->request, data, size);
	return 0;
}
