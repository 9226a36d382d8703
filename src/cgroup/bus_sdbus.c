/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus_sdbus - D-Bus by libsystemd's sd-bus(3). */
#include "cgroup/bus.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "cgroup/sdbus.h"

#define PRIVATE_SOCKET "unix:path=/run/systemd/private"

struct bus {
	const struct sdbus *sdbus;
	sd_bus *connection;
	sd_bus_slot *slot;
	enum bus_kind kind;
	bool has_signal;
	struct bus_signal signal;
};

struct bus_message {
	const struct sdbus *sdbus;
	sd_bus_message *call;
	int failure; /* of the first thing that could not be put into it */
};

static uint64_t time_left(const struct deadline *deadline)
{
	return (uint64_t)deadline_left(deadline) * 1000;
}

/* ---- connect ---- */

int bus_load(void)
{
	return sdbus_load() ? 0 : err_code();
}

static int open_direct(struct bus *bus)
{
	const struct sdbus *sdbus = bus->sdbus;
	int r = sdbus->bus_new(&bus->connection);

	if (r >= 0)
		r = sdbus->bus_set_address(bus->connection, PRIVATE_SOCKET);
	return r < 0 ? r : sdbus->bus_start(bus->connection);
}

/* The library's own waits have no end of ours. */
static int await_ready(struct bus *bus, const struct deadline *deadline)
{
	const struct sdbus *sdbus = bus->sdbus;
	int r;

	while ((r = sdbus->bus_is_ready(bus->connection)) == 0) {
		r = sdbus->bus_process(bus->connection, NULL);
		if (r < 0)
			return r;
		if (r > 0)
			continue;
		r = sdbus->bus_wait(bus->connection, time_left(deadline));
		if (r < 0)
			return r;
		if (deadline_left(deadline) == 0)
			return -ETIMEDOUT;
	}
	return r < 0 ? r : 0;
}

int bus_connect(enum bus_kind kind, const struct deadline *deadline, struct bus **ret_bus)
{
	const struct sdbus *sdbus = sdbus_load();
	struct bus *bus = xcalloc(1, sizeof(*bus));
	int r;

	bus->sdbus = sdbus;
	bus->kind = kind;
	if (kind == BUS_DIRECT)
		r = open_direct(bus);
	else
		r = kind == BUS_USER ? sdbus->bus_open_user(&bus->connection)
				     : sdbus->bus_open_system(&bus->connection);
	if (r >= 0)
		r = await_ready(bus, deadline);
	if (r < 0) {
		bus_disconnect(bus);
		return r;
	}
	*ret_bus = bus;
	return 0;
}

void bus_disconnect(struct bus *bus)
{
	if (!bus)
		return;
	bus->sdbus->bus_slot_unref(bus->slot);
	bus->sdbus->bus_flush_close_unref(bus->connection);
	free(bus);
}

/* ---- messages ---- */

struct bus_message *bus_message_new(struct bus *bus, const char *destination, const char *path,
				    const char *interface, const char *method)
{
	struct bus_message *message = xcalloc(1, sizeof(*message));

	message->sdbus = bus->sdbus;
	message->failure = bus->sdbus->bus_message_new_method_call(
		bus->connection, &message->call, destination, path, interface, method);
	return message;
}

void bus_put(struct bus_message *message, char type, const void *value)
{
	if (message->failure >= 0)
		message->failure =
			message->sdbus->bus_message_append_basic(message->call, type, value);
}

void bus_put_items(struct bus_message *message, char type, const void *items, size_t count)
{
	size_t size = type == 'y' ? 1 : sizeof(uint32_t);

	if (message->failure >= 0)
		message->failure = message->sdbus->bus_message_append_array(
			message->call, type, items, count * size);
}

void bus_put_strings(struct bus_message *message, const char *const *strings)
{
	if (message->failure >= 0)
		message->failure = message->sdbus->bus_message_append_strv(message->call,
									   (char **)strings);
}

void bus_open(struct bus_message *message, char type, const char *contents)
{
	if (message->failure >= 0)
		message->failure = message->sdbus->bus_message_open_container(message->call,
									      type, contents);
}

void bus_close(struct bus_message *message)
{
	if (message->failure >= 0)
		message->failure = message->sdbus->bus_message_close_container(message->call);
}

/* ---- calls ---- */

/* The first argument, if it is a text or has one in it. */
static int read_text(const struct sdbus *sdbus, sd_bus_message *reply, char **ret_text)
{
	const char *contents, *text = NULL;
	char type = 0;
	int r = sdbus->bus_message_peek_type(reply, &type, &contents);

	if (r >= 0 && type == 'v')
		r = sdbus->bus_message_read(reply, "v", "s", &text);
	else if (r >= 0 && (type == 's' || type == 'o'))
		r = sdbus->bus_message_read_basic(reply, type, &text);
	if (r < 0)
		return r;
	if (!text)
		return -EBADMSG;
	*ret_text = xstrdup(text);
	return 0;
}

static void copy_error(const sd_bus_error *error, struct bus_error *ret_error)
{
	snprintf(ret_error->name, sizeof(ret_error->name), "%s", error->name ?: "");
	snprintf(ret_error->text, sizeof(ret_error->text), "%s", error->message ?: "");
}

int bus_call(struct bus *bus, struct bus_message *message, const struct deadline *deadline,
	     struct bus_error *ret_error, char **ret_text)
{
	const struct sdbus *sdbus = bus->sdbus;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	int r = message->failure;

	if (r >= 0)
		r = sdbus->bus_call(bus->connection, message->call, time_left(deadline), &error,
				    &reply);
	copy_error(&error, ret_error);
	if (r >= 0 && ret_text)
		r = read_text(sdbus, reply, ret_text);
	sdbus->bus_error_free(&error);
	sdbus->bus_message_unref(reply);
	sdbus->bus_message_unref(message->call);
	free(message);
	return r < 0 ? r : 0;
}

/* ---- signals ---- */

static void read_strings(const struct sdbus *sdbus, sd_bus_message *message,
			 struct bus_signal *ret_signal)
{
	const char *contents, *text;
	size_t count = 0;
	uint32_t number;
	char type;

	*ret_signal = (struct bus_signal){ 0 };
	while (count < BUS_SIGNAL_STRINGS &&
	       sdbus->bus_message_peek_type(message, &type, &contents) > 0) {
		if (type == 'u' && sdbus->bus_message_read_basic(message, type, &number) > 0)
			continue;
		if ((type != 's' && type != 'o') ||
		    sdbus->bus_message_read_basic(message, type, &text) <= 0)
			return;
		snprintf(ret_signal->strings[count], sizeof(ret_signal->strings[count]), "%s",
			 text);
		count++;
	}
}

static int remember_signal(sd_bus_message *message, void *data, sd_bus_error *error)
{
	struct bus *bus = data;

	(void)error;
	read_strings(bus->sdbus, message, &bus->signal);
	bus->has_signal = true;
	return 0;
}

/* The library's own time for this call is 25 seconds. */
int bus_watch(struct bus *bus, const struct bus_match *match, const struct deadline *deadline)
{
	int r;

	if (deadline_left(deadline) == 0)
		return -ETIMEDOUT;
	r = bus->sdbus->bus_match_signal(
		bus->connection, &bus->slot, bus->kind == BUS_DIRECT ? NULL : match->sender,
		match->path, match->interface, match->member, remember_signal, bus);
	return r < 0 ? r : 0;
}

int bus_next_signal(struct bus *bus, const struct deadline *deadline,
		    struct bus_signal *ret_signal)
{
	int r;

	bus->has_signal = false;
	while (!bus->has_signal) {
		r = bus->sdbus->bus_process(bus->connection, NULL);
		if (r == 0 && deadline_left(deadline) == 0)
			return -ETIMEDOUT;
		if (r == 0)
			r = bus->sdbus->bus_wait(bus->connection, time_left(deadline));
		if (r < 0)
			return r;
	}
	*ret_signal = bus->signal;
	return 0;
}
