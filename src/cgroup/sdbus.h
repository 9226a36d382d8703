/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sdbus - libsystemd's sd-bus(3), loaded when it is asked for; for bus_sdbus.c only. */
#pragma once

#include <systemd/sd-bus.h>

/* What we call of it, each under its own name without "sd_". */
/* clang-format off */
#define SDBUS_FUNCTIONS(F) \
	F(bus_call) \
	F(bus_error_free) \
	F(bus_flush_close_unref) \
	F(bus_is_ready) \
	F(bus_match_signal) \
	F(bus_message_append_array) F(bus_message_append_basic) F(bus_message_append_strv) \
	F(bus_message_close_container) F(bus_message_open_container) \
	F(bus_message_new_method_call) F(bus_message_unref) \
	F(bus_message_peek_type) F(bus_message_read) F(bus_message_read_basic) \
	F(bus_new) \
	F(bus_open_system) F(bus_open_user) \
	F(bus_process) F(bus_wait) \
	F(bus_set_address) F(bus_start) \
	F(bus_slot_unref)
/* clang-format on */

#define SDBUS_MEMBER(name) __typeof__(sd_##name) *(name);
struct sdbus {
	SDBUS_FUNCTIONS(SDBUS_MEMBER)
};
#undef SDBUS_MEMBER

/* Load it, once.  NULL with a record when this machine has no libsystemd. */
const struct sdbus *sdbus_load(void);
