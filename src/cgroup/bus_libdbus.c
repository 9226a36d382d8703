/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bus_libdbus - D-Bus by libdbus, for static builds. */
#include "cgroup/bus.h"

#include <dbus/dbus.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PRIVATE_SOCKET "unix:path=/run/systemd/private"
#define SYSTEM_SOCKET "unix:path=/run/dbus/system_bus_socket"

/* Containers within each other: array, struct, variant, array. */
#define DEPTH 6

/* How long the first call has for its answer before there is another. */
#define ROUSE_MS 20

struct bus {
	DBusConnection *connection;
	enum bus_kind kind;
	const struct bus_match *match;
};

struct bus_message {
	DBusMessage *call;
	DBusMessageIter at[DEPTH];
	int depth;
	int failure; /* of the first thing that could not be put into it */
};

/* ---- errors ---- */

/* What the library itself says no with. */
static int code_of(const DBusError *error)
{
	static const struct {
		const char *name;
		int code;
	} rows[] = {
		/* clang-format off */
		{ DBUS_ERROR_ACCESS_DENIED,  EACCES },
		{ DBUS_ERROR_AUTH_FAILED,    EACCES },
		{ DBUS_ERROR_BAD_ADDRESS,    EINVAL },
		{ DBUS_ERROR_DISCONNECTED,   ECONNRESET },
		{ DBUS_ERROR_FILE_NOT_FOUND, ENOENT },
		{ DBUS_ERROR_NO_MEMORY,      ENOMEM },
		{ DBUS_ERROR_NO_REPLY,       ETIMEDOUT },
		{ DBUS_ERROR_NO_SERVER,      ECONNREFUSED },
		{ DBUS_ERROR_TIMEOUT,        ETIMEDOUT },
		/* clang-format on */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (dbus_error_has_name(error, rows[i].name))
			return -rows[i].code;
	return -EIO;
}

static int take_code(DBusError *error)
{
	int code = code_of(error);

	dbus_error_free(error);
	return code;
}

/* ---- connect ---- */

int bus_load(void)
{
	return 0; /* it is in us */
}

/* As sd_bus_default_user(3) has it; NULL when there is no session. */
static char *user_address(void)
{
	const char *address = getenv("DBUS_SESSION_BUS_ADDRESS");
	const char *folder = getenv("XDG_RUNTIME_DIR");
	char *escaped, *made;

	if (address)
		return xstrdup(address);
	if (!folder)
		return NULL;
	escaped = dbus_address_escape_value(folder);
	made = escaped ? xprintf("unix:path=%s/bus", escaped) : NULL;
	dbus_free(escaped);
	return made;
}

static char *address_of(enum bus_kind kind)
{
	const char *system = getenv("DBUS_SYSTEM_BUS_ADDRESS");

	if (kind == BUS_USER)
		return user_address();
	return xstrdup(kind == BUS_DIRECT ? PRIVATE_SOCKET : system ?: SYSTEM_SOCKET);
}

/* Not dbus_bus_register(3), whose wait has no end of ours. */
static int say_hello(struct bus *bus, const struct deadline *deadline)
{
	struct bus_message *hello = bus_message_new(bus, DBUS_SERVICE_DBUS, DBUS_PATH_DBUS,
						    DBUS_INTERFACE_DBUS, "Hello");
	_cleanup_free_ char *name = NULL;
	struct bus_error error;
	int r = bus_call(bus, hello, deadline, &error, &name);

	if (r < 0)
		return r;
	return dbus_bus_set_unique_name(bus->connection, name) ? 0 : -ENOMEM;
}

static int ping(struct bus *bus, const struct deadline *deadline)
{
	struct bus_error error;

	return bus_call(bus,
			bus_message_new(bus, NULL, DBUS_PATH_DBUS, DBUS_INTERFACE_PEER, "Ping"),
			deadline, &error, NULL);
}

/*
 * When systemd (seen with 252) finds the first call behind BEGIN, the last word of the
 * authentication, it reads both and looks at the call only when there is more to read.  libdbus
 * does not wait with the call, as sd-bus does: the first are calls that do nothing.
 */
static int rouse(struct bus *bus, const struct deadline *deadline)
{
	int r = -ETIMEDOUT;

	for (int wait = ROUSE_MS; r == -ETIMEDOUT && deadline_left(deadline) != 0; wait *= 2) {
		struct deadline turn = deadline_in(wait);

		r = ping(bus, wait < deadline_left(deadline) ? &turn : deadline);
	}
	return r;
}

int bus_connect(enum bus_kind kind, const struct deadline *deadline, struct bus **ret_bus)
{
	_cleanup_free_ char *address = address_of(kind);
	DBusError error = DBUS_ERROR_INIT;
	struct bus *bus;
	int r;

	if (!address)
		return -ENOMEDIUM;
	bus = xcalloc(1, sizeof(*bus));
	bus->kind = kind;
	bus->connection = dbus_connection_open_private(address, &error);
	r = bus->connection ? 0 : take_code(&error);
	if (r == 0)
		r = kind == BUS_DIRECT ? rouse(bus, deadline) : say_hello(bus, deadline);
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
	if (bus->connection) {
		dbus_connection_close(bus->connection);
		dbus_connection_unref(bus->connection);
	}
	free(bus);
}

/* ---- messages ---- */

static DBusMessageIter *place(struct bus_message *message)
{
	return &message->at[message->depth];
}

struct bus_message *bus_message_new(struct bus *bus, const char *destination, const char *path,
				    const char *interface, const char *method)
{
	struct bus_message *message = xcalloc(1, sizeof(*message));

	(void)bus;
	message->call = dbus_message_new_method_call(destination, path, interface, method);
	if (message->call)
		dbus_message_iter_init_append(message->call, place(message));
	else
		message->failure = -ENOMEM;
	return message;
}

static void message_free(struct bus_message *message)
{
	for (; message->depth > 0; message->depth--)
		dbus_message_iter_abandon_container(place(message) - 1, place(message));
	if (message->call)
		dbus_message_unref(message->call);
	free(message);
}

static void note(struct bus_message *message, bool is_done)
{
	if (!is_done)
		message->failure = -ENOMEM;
}

/* The library takes what is no UTF-8 for a mistake of ours and ends the process. */
void bus_put(struct bus_message *message, char type, const void *value)
{
	if (message->failure < 0)
		return;
	if (type != 's')
		note(message, dbus_message_iter_append_basic(place(message), type, value));
	else if (dbus_validate_utf8(value, NULL))
		note(message, dbus_message_iter_append_basic(place(message), type, &value));
	else
		message->failure = -EINVAL;
}

void bus_put_items(struct bus_message *message, char type, const void *items, size_t count)
{
	const char signature[] = { type, '\0' };

	bus_open(message, 'a', signature);
	if (message->failure == 0 && count > 0)
		note(message, dbus_message_iter_append_fixed_array(place(message), type, &items,
								   (int)count));
	bus_close(message);
}

void bus_put_strings(struct bus_message *message, const char *const *strings)
{
	bus_open(message, 'a', "s");
	for (size_t i = 0; strings && strings[i]; i++)
		bus_put(message, 's', strings[i]);
	bus_close(message);
}

void bus_open(struct bus_message *message, char type, const char *contents)
{
	if (message->failure == 0 && message->depth + 1 == DEPTH)
		message->failure = -E2BIG;
	if (message->failure < 0)
		return;
	note(message, dbus_message_iter_open_container(
			      place(message), type, type == DBUS_TYPE_STRUCT ? NULL : contents,
			      place(message) + 1));
	message->depth += message->failure == 0;
}

void bus_close(struct bus_message *message)
{
	if (message->failure < 0)
		return;
	message->depth--;
	note(message, dbus_message_iter_close_container(place(message), place(message) + 1));
}

/* ---- calls ---- */

/* The first argument, if it is a text or has one in it. */
static int read_text(DBusMessage *reply, char **ret_text)
{
	DBusMessageIter at, inner;
	const char *text;
	int type;

	if (!dbus_message_iter_init(reply, &at))
		return -EBADMSG;
	inner = at;
	if (dbus_message_iter_get_arg_type(&at) == DBUS_TYPE_VARIANT)
		dbus_message_iter_recurse(&at, &inner);
	type = dbus_message_iter_get_arg_type(&inner);
	if (type != DBUS_TYPE_STRING && type != DBUS_TYPE_OBJECT_PATH)
		return -EBADMSG;
	dbus_message_iter_get_basic(&inner, &text);
	*ret_text = xstrdup(text);
	return 0;
}

static int take_error(DBusError *error, struct bus_error *ret_error)
{
	snprintf(ret_error->name, sizeof(ret_error->name), "%s", error->name);
	snprintf(ret_error->text, sizeof(ret_error->text), "%s", error->message);
	return take_code(error);
}

static int send_and_wait(struct bus *bus, DBusMessage *call, const struct deadline *deadline,
			 struct bus_error *ret_error, char **ret_text)
{
	DBusError error = DBUS_ERROR_INIT;
	DBusMessage *reply = dbus_connection_send_with_reply_and_block(
		bus->connection, call, deadline_left(deadline), &error);
	int r;

	if (!reply)
		return take_error(&error, ret_error);
	r = ret_text ? read_text(reply, ret_text) : 0;
	dbus_message_unref(reply);
	return r;
}

int bus_call(struct bus *bus, struct bus_message *message, const struct deadline *deadline,
	     struct bus_error *ret_error, char **ret_text)
{
	int r = message->failure;

	*ret_error = (struct bus_error){ 0 };
	if (r == 0)
		r = send_and_wait(bus, message->call, deadline, ret_error, ret_text);
	message_free(message);
	return r;
}

/* ---- signals ---- */

int bus_watch(struct bus *bus, const struct bus_match *match, const struct deadline *deadline)
{
	_cleanup_free_ char *rule =
		xprintf("type='signal',sender='%s',path='%s',interface='%s',member='%s'",
			match->sender, match->path, match->interface, match->member);
	struct bus_message *call;
	struct bus_error error;

	bus->match = match;
	if (bus->kind == BUS_DIRECT)
		return 0;
	call = bus_message_new(bus, DBUS_SERVICE_DBUS, DBUS_PATH_DBUS, DBUS_INTERFACE_DBUS,
			       "AddMatch");
	bus_put(call, 's', rule);
	return bus_call(bus, call, deadline, &error, NULL);
}

static void read_strings(DBusMessage *message, struct bus_signal *ret_signal)
{
	DBusMessageIter at;
	size_t count = 0;

	*ret_signal = (struct bus_signal){ 0 };
	if (!dbus_message_iter_init(message, &at))
		return;
	do {
		int type = dbus_message_iter_get_arg_type(&at);
		const char *text;

		if (type != DBUS_TYPE_STRING && type != DBUS_TYPE_OBJECT_PATH)
			continue;
		dbus_message_iter_get_basic(&at, &text);
		snprintf(ret_signal->strings[count], sizeof(ret_signal->strings[count]), "%s",
			 text);
		count++;
	} while (count < BUS_SIGNAL_STRINGS && dbus_message_iter_next(&at));
}

static bool is_watched(const struct bus *bus, DBusMessage *message)
{
	return bus->match &&
	       dbus_message_is_signal(message, bus->match->interface, bus->match->member) &&
	       dbus_message_has_path(message, bus->match->path);
}

/* What came meanwhile, then what comes. */
static int next_message(struct bus *bus, const struct deadline *deadline,
			DBusMessage **ret_message)
{
	for (;;) {
		DBusMessage *message = dbus_connection_pop_message(bus->connection);

		if (message) {
			*ret_message = message;
			return 0;
		}
		if (deadline_left(deadline) == 0)
			return -ETIMEDOUT;
		if (!dbus_connection_read_write(bus->connection, deadline_left(deadline)))
			return -ECONNRESET;
	}
}

int bus_next_signal(struct bus *bus, const struct deadline *deadline,
		    struct bus_signal *ret_signal)
{
	bool is_found = false;

	while (!is_found) {
		DBusMessage *message;
		int r = next_message(bus, deadline, &message);

		if (r < 0)
			return r;
		is_found = is_watched(bus, message);
		if (is_found)
			read_strings(message, ret_signal);
		dbus_message_unref(message);
	}
	return 0;
}
