/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus - as much of D-Bus (D-Bus Specification 0.38) as it takes to ask systemd; for cgroup/ only.
 *
 * There are two of it: bus_sdbus.c with libsystemd's sd-bus(3), which is loaded when it is asked
 * for, and bus_libdbus.c for static builds, which cannot load anything, with libdbus.
 */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"
#include "kernel/deadline.h"

enum bus_kind {
	BUS_SYSTEM, /* of the machine */
	BUS_USER,   /* of the caller's session */
	BUS_DIRECT, /* systemd's own socket, where there is no bus between us */
};

struct bus;
struct bus_message;

/* An error as the other side told it; "" when it told none. */
struct bus_error {
	char name[128]; /* "org.freedesktop.systemd1.NoSuchUnit" */
	char text[512];
};

/* The strings and object paths among a signal's arguments, in their order; "" for the rest. */
#define BUS_SIGNAL_STRINGS 3
struct bus_signal {
	char strings[BUS_SIGNAL_STRINGS][256];
};

/* Have the library. Fails, with a record, where this machine has none; call it before the rest. */
int bus_load(void);

/*
 * The others that return an int return 0 or a negative errno without a record: the caller knows
 * what was asked, and the other side why not.
 */

/* Connect, and be known to the bus before DEADLINE. */
int bus_connect(enum bus_kind kind, const struct deadline *deadline, struct bus **ret_bus);

/* NULL is nothing to do. */
void bus_disconnect(struct bus *bus);

/*
 * A call of INTERFACE's METHOD on the object PATH of the service DESTINATION, without arguments
 * yet.  Of those that are put into it the first that fails is remembered, for bus_call() to tell.
 * Never NULL.
 */
struct bus_message *bus_message_new(struct bus *bus, const char *destination, const char *path,
				    const char *interface, const char *method);

/* One value of a basic TYPE: a string itself, otherwise the number's address (int for 'b'). */
void bus_put(struct bus_message *message, char type, const void *value);

/* An array of COUNT items of TYPE 'y' or 'u'. */
void bus_put_items(struct bus_message *message, char type, const void *items, size_t count);

/* An array of strings; NULL is behind the last. */
void bus_put_strings(struct bus_message *message, const char *const *strings);

/* What follows is in a struct ('r'), an array ('a') or a variant ('v') until it is closed. */
void bus_open(struct bus_message *message, char type, const char *contents);
void bus_close(struct bus_message *message);

/*
 * Send MESSAGE, free it, and wait for the answer.  *ret_text, unless that is NULL, becomes the
 * answer's first argument, which is a string, an object path or a variant with a string in it;
 * for the caller to free.  *ret_error is set in any case.
 */
int bus_call(struct bus *bus, struct bus_message *message, const struct deadline *deadline,
	     struct bus_error *ret_error, char **ret_text);

/* The signal that bus_next_signal() is about: who sends it, for which object. */
struct bus_match {
	const char *sender, *path, *interface, *member;
};

/* Have it sent to us from now on.  Once per connection; MATCH is not copied. */
int bus_watch(struct bus *bus, const struct bus_match *match, const struct deadline *deadline);

/* Wait for the next signal that is watched. -ETIMEDOUT: there was none before DEADLINE. */
int bus_next_signal(struct bus *bus, const struct deadline *deadline,
		    struct bus_signal *ret_signal);
