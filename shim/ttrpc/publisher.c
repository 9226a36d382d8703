/* SPDX-License-Identifier: GPL-2.0-or-later */
/* publisher - tell containerd what happens, in order, also when it is not there for a while. */
#include "shim/ttrpc/publisher.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/api/events.pb-c.h"
#include "shim/loop/note.h"

#define SERVICE "containerd.services.events.ttrpc.v1.Events"

enum {
	ANSWER_MS = 5000,
	RETRY_MS = 100, /* and twice as long each time */
	RETRY_MAX_MS = 2000,
	REFUSALS_MAX = 5, /* what is there but says no to an event so often: not this one */
};

/* One that waits: a Request, ready to be sent. */
struct event {
	struct list link;
	unsigned refusals;
	size_t size;
	uint8_t bytes[];
};

static void pump(struct publisher *publisher);

static struct event *oldest(struct publisher *publisher)
{
	return owner_of(publisher->events.next, struct event, link);
}

static void drop_oldest(struct publisher *publisher)
{
	struct event *event = oldest(publisher);

	publisher->bytes -= event->size;
	list_remove(&event->link);
	free(event);
	publisher->is_sent = false;
}

static void disconnect(struct publisher *publisher)
{
	watch_stop(&publisher->socket);
	fd_close(fd_take(&publisher->socket.fd));
	frame_reader_release(&publisher->reader);
	frame_writer_release(&publisher->writer);
	publisher->is_sent = false;
	publisher->stream = 0;
}

static void try_later(struct publisher *publisher)
{
	int64_t ms = (int64_t)RETRY_MS << (publisher->tries < 8 ? publisher->tries : 8);

	publisher->tries++;
	timer_start(publisher->loop, &publisher->timer, ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS);
}

static void take_answer(struct publisher *publisher)
{
	const struct frame *frame = &publisher->reader.frame;
	Api__Response *response;

	if (frame->type != FRAME_RESPONSE || frame->stream != publisher->stream ||
	    !publisher->is_sent)
		return;
	response = api__response__unpack(NULL, frame->size, publisher->reader.data);
	publisher->is_sent = false;
	timer_stop(&publisher->timer);
	if (response && (!response->status || response->status->code == 0)) {
		publisher->tries = 0;
		drop_oldest(publisher);
		pump(publisher);
	} else if (++oldest(publisher)->refusals >= REFUSALS_MAX) {
		note_warning("an event was refused: %s",
			     response ? response->status->message : "no answer");
		drop_oldest(publisher);
		pump(publisher);
	} else {
		try_later(publisher);
	}
	api__response__free_unpacked(response, NULL);
}

static void on_socket(struct watch *watch, uint32_t events)
{
	struct publisher *publisher = owner_of(watch, struct publisher, socket);
	int64_t waiting = frame_flush(&publisher->writer, watch->fd);
	int progress = frame_read(&publisher->reader, watch->fd);

	(void)events;
	if (progress < 0 || waiting < 0 ||
	    watch_change(watch, EPOLLIN | (waiting ? EPOLLOUT : 0u)) < 0) {
		err_clear();
		disconnect(publisher);
		timer_stop(&publisher->timer);
		if (!list_is_empty(&publisher->events))
			try_later(publisher);
	} else if (progress == FRAME_WHOLE) {
		take_answer(publisher);
	}
}

/* Local sockets connect at once or not at all. */
static int open_socket(struct publisher *publisher)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(publisher->address) >= sizeof(address.sun_path))
		return err_sys(ENAMETOOLONG, "%s", publisher->address);
	memcpy(address.sun_path, publisher->address, strlen(publisher->address));
	publisher->socket.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (publisher->socket.fd < 0)
		return err_sys(errno, "socket");
	if (connect(publisher->socket.fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_sys(errno, "connect to %s", publisher->address);
	publisher->socket.ready = on_socket;
	return watch_start(publisher->loop, &publisher->socket, EPOLLIN);
}

static void send_oldest(struct publisher *publisher)
{
	struct event *event = oldest(publisher);
	struct frame frame = { (uint32_t)event->size, 0, FRAME_REQUEST, 0 };
	int64_t waiting;

	frame.stream = publisher->stream ? publisher->stream + 2 : 1;
	publisher->stream = frame.stream;
	publisher->is_sent = true;
	frame_write(&publisher->writer, &frame, event->bytes);
	waiting = frame_flush(&publisher->writer, publisher->socket.fd);
	if (waiting > 0 && watch_change(&publisher->socket, EPOLLIN | EPOLLOUT) < 0)
		err_clear();
	timer_start(publisher->loop, &publisher->timer, ANSWER_MS);
}

/* Go on: send what is the oldest, if nothing is under way. */
static void pump(struct publisher *publisher)
{
	if (list_is_empty(&publisher->events)) {
		if (publisher->emptied)
			publisher->emptied(publisher);
		return;
	}
	if (publisher->is_sent)
		return;
	if (publisher->socket.fd < 0 && open_socket(publisher) < 0) {
		err_clear();
		disconnect(publisher);
		try_later(publisher);
		return;
	}
	send_oldest(publisher);
}

/* No answer, or time for another try. */
static void on_timer(struct timer *timer)
{
	struct publisher *publisher = owner_of(timer, struct publisher, timer);

	if (publisher->is_sent) {
		disconnect(publisher);
		try_later(publisher);
		return;
	}
	pump(publisher);
}

void publisher_init(struct publisher *publisher, struct loop *loop, const char *address,
		    const char *namespace)
{
	*publisher = (struct publisher){
		.loop = loop,
		.address = address,
		.namespace = namespace,
		.socket.fd = NO_FD,
		.timer.due = on_timer,
	};
	list_init(&publisher->events);
}

void publisher_release(struct publisher *publisher)
{
	timer_stop(&publisher->timer);
	timer_stop(&publisher->last);
	disconnect(publisher);
	while (!list_is_empty(&publisher->events))
		drop_oldest(publisher);
}

/* ForwardRequest in a Request. */
static struct event *encode(const Api__Envelope *envelope)
{
	Api__ForwardRequest forward = API__FORWARD_REQUEST__INIT;
	Api__Request request = API__REQUEST__INIT;
	_cleanup_free_ uint8_t *payload = NULL;
	struct event *event;
	size_t size;

	forward.envelope = (Api__Envelope *)envelope;
	request.service = (char *)SERVICE;
	request.method = (char *)"Forward";
	request.payload.len = api__forward_request__get_packed_size(&forward);
	request.payload.data = payload = xcalloc(1, request.payload.len);
	api__forward_request__pack(&forward, payload);
	request.timeout_nano = (int64_t)ANSWER_MS * 1000000;
	size = api__request__get_packed_size(&request);
	event = xcalloc(1, sizeof(*event) + size);
	event->size = size;
	api__request__pack(&request, event->bytes);
	return event;
}

void publisher_add(struct publisher *publisher, const char *topic, const char *type,
		   const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	_cleanup_free_ uint8_t *bytes = xcalloc(1, size);
	Api__Envelope envelope = API__ENVELOPE__INIT;
	Api__Timestamp time = API__TIMESTAMP__INIT;
	Api__Any any = API__ANY__INIT;
	struct event *event;
	struct timespec now;

	if (!*publisher->address)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	time.seconds = now.tv_sec;
	time.nanos = (int32_t)now.tv_nsec;
	protobuf_c_message_pack(message, bytes);
	any.type_url = (char *)type;
	any.value.data = bytes;
	any.value.len = size;
	envelope.timestamp = &time;
	envelope.namespace_ = (char *)publisher->namespace;
	envelope.topic = (char *)topic;
	envelope.event = &any;
	event = encode(&envelope);
	list_add(&publisher->events, &event->link);
	publisher->bytes += event->size;
	while (publisher->bytes > PUBLISHER_BYTES_MAX && publisher->events.next != &event->link)
		drop_oldest(publisher);
	if (!publisher->timer.is_running)
		pump(publisher);
}

static void give_up(struct timer *timer)
{
	struct publisher *publisher = owner_of(timer, struct publisher, last);

	note_warning("events are lost: nobody took them");
	publisher->emptied(publisher);
}

void publisher_finish(struct publisher *publisher, int64_t ms,
		      void (*emptied)(struct publisher *publisher))
{
	publisher->emptied = emptied;
	if (list_is_empty(&publisher->events)) {
		emptied(publisher);
		return;
	}
	publisher->last.due = give_up;
	timer_start(publisher->loop, &publisher->last, ms);
}
