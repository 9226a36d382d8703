/* SPDX-License-Identifier: GPL-2.0-or-later */
/* server - answer ttrpc requests; each answer may come at any time, in any order. */
#include "shim/ttrpc/server.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "libocispec/utf8.h"
#include "shim/api/ttrpc.pb-c.h"
#include "shim/loop/note.h"

#define REST_MS 200

/* It lives until it is closed and its last call has been answered. */
struct connection {
	struct list link;
	struct server *server;
	struct watch watch; /* fd: NO_FD once it is closed */
	struct frame_reader reader;
	struct frame_writer writer;
	unsigned calls;
	struct list idle; /* some of them */
	uint32_t last_stream;
};

static void connection_free(struct connection *connection)
{
	if (connection->watch.fd < 0 && connection->calls == 0)
		free(connection);
}

static void call_free(struct call *call)
{
	struct connection *connection = call->connection;

	list_remove(&call->link);
	list_remove(&call->idle);
	timer_stop(&call->deadline);
	protobuf_c_message_free_unpacked(call->request, NULL);
	free(call);
	connection->calls--;
	connection->server->calls--;
	connection_free(connection);
}

/* Freed by who calls, if it can be. */
static void connection_close(struct connection *connection)
{
	struct server *server = connection->server;

	if (connection->watch.fd < 0)
		return;
	list_each(cursor, rest, &connection->idle)
		call_free(owner_of(cursor, struct call, idle));
	watch_stop(&connection->watch);
	fd_close(fd_take(&connection->watch.fd));
	frame_reader_release(&connection->reader);
	frame_writer_release(&connection->writer);
	list_remove(&connection->link);
	if (list_is_empty(&server->connections) && server->alone)
		server->alone(server);
}

/* What cannot be written now is written when there is room; nobody there: closed. */
static void flush(struct connection *connection)
{
	int64_t waiting = frame_flush(&connection->writer, connection->watch.fd);

	if (waiting < 0 ||
	    watch_change(&connection->watch, EPOLLIN | (waiting ? EPOLLOUT : 0u)) < 0) {
		err_clear();
		shutdown(connection->watch.fd,
			 SHUT_RDWR); /* closed when the loop tells of it */
	}
}

/* ---- answers ---- */

static void send_response(struct connection *connection, uint32_t stream,
			  const Api__Response *response)
{
	size_t size = api__response__get_packed_size(response);
	struct frame frame = { (uint32_t)size, stream, FRAME_RESPONSE, 0 };
	_cleanup_free_ uint8_t *data = xcalloc(1, size);

	if (connection->watch.fd < 0)
		return;
	api__response__pack(response, data);
	if (frame_write(&connection->writer, &frame, data) < 0)
		shutdown(connection->watch.fd, SHUT_RDWR);
	else
		flush(connection);
}

/* What is no UTF-8, as a character that was cut in two, makes an answer that nobody can read. */
static char *readable(const char *text)
{
	char *copy = xstrdup(text), *at = copy;
	size_t left = strlen(copy);

	while (left > 0) {
		size_t length = oci_utf8_length(at, left);

		if (length == 0)
			*at = '?';
		length = length ? length : 1;
		at += length;
		left -= length;
	}
	return copy;
}

static void refuse(struct connection *connection, uint32_t stream, enum code code,
		   const char *text)
{
	_cleanup_free_ char *message = readable(text);
	Api__Status status = API__STATUS__INIT;
	Api__Response response = API__RESPONSE__INIT;

	status.code = (int32_t)code;
	status.message = message;
	response.status = &status;
	send_response(connection, stream, &response);
}

void call_is_idle(struct call *call)
{
	list_add(&call->connection->idle, &call->idle);
}

struct server *call_server(const struct call *call)
{
	return call->connection->server;
}

void call_reply(struct call *call, const ProtobufCMessage *reply)
{
	size_t size = reply ? protobuf_c_message_get_packed_size(reply) : 0;
	_cleanup_free_ uint8_t *payload = xcalloc(1, size);
	Api__Response response = API__RESPONSE__INIT;

	if (reply)
		protobuf_c_message_pack(reply, payload);
	response.payload.len = size;
	response.payload.data = payload;
	send_response(call->connection, call->stream, &response);
	call_free(call);
}

void call_fail(struct call *call, enum code code, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX + 256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	note_debug("%s: %s", call->method->name, text);
	refuse(call->connection, call->stream, code, text);
	call_free(call);
}

void call_fail_recorded(struct call *call, enum code code)
{
	char text[ERR_TEXT_MAX + 128];

	err_text(err_last(), text, sizeof(text));
	err_clear();
	call_fail(call, code, "%s", text);
}

/* ---- requests ---- */

static const struct service *find_service(const struct server *server, const char *name)
{
	const struct service *service = server->services;

	while (service->name && strcmp(service->name, name) != 0)
		service++;
	return service->name ? service : NULL;
}

static const struct method *find_method(const struct service *service, const char *name)
{
	const struct method *method = service->methods;

	while (method->name && strcmp(method->name, name) != 0)
		method++;
	return method->name ? method : NULL;
}

static void run_call(struct connection *connection, uint32_t stream,
		     const Api__Request *request, const struct method *method)
{
	struct call *call;
	ProtobufCMessage *message = protobuf_c_message_unpack(
		method->request, NULL, request->payload.len, request->payload.data);

	if (!message) {
		refuse(connection, stream, CODE_INVALID,
		       "unmarshal request error: the payload is malformed");
		return;
	}
	call = xcalloc(1, sizeof(*call));
	list_init(&call->link);
	list_init(&call->idle);
	call->connection = connection;
	call->stream = stream;
	call->method = method;
	call->request = message;
	if (request->timeout_nano > 0)
		call->timeout_ms = request->timeout_nano / 1000000 + 1;
	connection->calls++;
	connection->server->calls++;
	note_debug("%s", method->name);
	method->run(call);
}

static void find_and_run(struct connection *connection, uint32_t stream,
			 const Api__Request *request)
{
	const struct service *service = find_service(connection->server, request->service);
	const struct method *method = service ? find_method(service, request->method) : NULL;
	char text[512];

	if (method) {
		run_call(connection, stream, request, method);
		return;
	}
	if (service)
		snprintf(text, sizeof(text), "method %.400s", request->method);
	else
		snprintf(text, sizeof(text), "service %.400s", request->service);
	refuse(connection, stream, CODE_UNIMPLEMENTED, text);
}

/* Client's streams are odd and go up. */
static const char *wrong_stream(const struct connection *connection, uint32_t stream)
{
	if (stream % 2 == 0)
		return "StreamID must be odd for client initiated streams";
	if (stream <= connection->last_stream)
		return "StreamID cannot be re-used and must increment";
	return NULL;
}

static void take_request(struct connection *connection)
{
	const struct frame *frame = &connection->reader.frame;
	const char *wrong = wrong_stream(connection, frame->stream);
	Api__Request *request;

	if (wrong) {
		refuse(connection, frame->stream, CODE_INVALID, wrong);
		return;
	}
	connection->last_stream = frame->stream;
	request = api__request__unpack(NULL, frame->size, connection->reader.data);
	if (request)
		find_and_run(connection, frame->stream, request);
	else
		refuse(connection, frame->stream, CODE_INVALID,
		       "unmarshal request error: the request is malformed");
	api__request__free_unpacked(request, NULL);
}

/* Streaming calls are none of the services': their data belongs to no stream. */
static void take_frame(struct connection *connection, int progress)
{
	const struct frame *frame = &connection->reader.frame;
	char text[96];

	if (progress == FRAME_TOO_LARGE) {
		snprintf(text, sizeof(text), "message length %" PRIu32 " exceed maximum %u",
			 frame->size, FRAME_DATA_MAX);
		refuse(connection, frame->stream, CODE_EXHAUSTED, text);
	} else if (frame->type == FRAME_REQUEST) {
		take_request(connection);
	} else if (frame->type == FRAME_DATA) {
		refuse(connection, frame->stream, CODE_INVALID, "StreamID is no longer active");
	}
}

static void on_connection(struct watch *watch, uint32_t events)
{
	struct connection *connection = owner_of(watch, struct connection, watch);
	int progress = FRAME_AGAIN;

	connection->calls++; /* it may be closed on the way, but not freed */
	if (events & EPOLLOUT)
		flush(connection);
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		progress = frame_read(&connection->reader, watch->fd);
	if (progress == FRAME_WHOLE || progress == FRAME_TOO_LARGE)
		take_frame(connection, progress);
	if (progress < 0)
		connection_close(connection);
	connection->calls--;
	connection_free(connection);
}

/* Only who is what we are may ask. */
static bool is_ours(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       peer.uid == geteuid() && peer.gid == getegid();
}

static void listen_again(struct timer *timer)
{
	struct server *server = owner_of(timer, struct server, again);

	if (watch_start(server->loop, &server->listener, EPOLLIN) < 0) {
		note_recorded(NOTE_WARNING);
		timer_start(server->loop, timer, REST_MS);
	}
}

/* Who waits is told of without end, but cannot be let in while descriptors are missing. */
static void rest(struct server *server)
{
	if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM)
		return;
	note_warning("a client has to wait: %s", err_name(errno));
	watch_stop(&server->listener);
	server->again.due = listen_again;
	timer_start(server->loop, &server->again, REST_MS);
}

static void on_listener(struct watch *watch, uint32_t events)
{
	struct server *server = owner_of(watch, struct server, listener);
	int fd = accept4(watch->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct connection *connection;

	(void)events;
	if (fd < 0) {
		rest(server);
		return;
	}
	if (!is_ours(fd)) {
		note_warning("a client of another user was turned away");
		fd_close(fd);
		return;
	}
	connection = xcalloc(1, sizeof(*connection));
	connection->server = server;
	list_init(&connection->idle);
	connection->watch = (struct watch){ .fd = fd, .ready = on_connection };
	if (list_is_empty(&server->connections) && server->met)
		server->met(server);
	list_add(&server->connections, &connection->link);
	if (watch_start(server->loop, &connection->watch, EPOLLIN) < 0) {
		err_clear();
		connection_close(connection);
		connection_free(connection);
	}
}

int server_init(struct server *server, struct loop *loop, int listener,
		const struct service *services)
{
	*server = (struct server){ .loop = loop, .services = services };
	list_init(&server->connections);
	server->listener = (struct watch){ .fd = listener, .ready = on_listener };
	return watch_start(loop, &server->listener, EPOLLIN);
}

void server_release(struct server *server)
{
	timer_stop(&server->again);
	watch_stop(&server->listener);
	fd_close(server->listener.fd);
	list_each(cursor, rest, &server->connections)
	{
		struct connection *connection = owner_of(cursor, struct connection, link);

		connection_close(connection);
		connection_free(connection);
	}
}
