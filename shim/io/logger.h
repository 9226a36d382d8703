/* SPDX-License-Identifier: GPL-2.0-or-later */
/* logger - a program that gets what a container prints: binary://. */
#pragma once

#include <stdbool.h>

#include "shim/io/uri.h"
#include "shim/loop/children.h"

struct logger {
	struct job job;
	struct children *children;
	int ready;       /* it closes the other end, or writes a byte, when it is ready */
	bool needs_byte; /* binary-v2: without the byte it has failed */
	void (*ended)(struct logger *logger);
};

void logger_init(struct logger *logger, void (*ended)(struct logger *logger));

/*
 * Start the program of URI for the container ID of NAMESPACE: descriptor 3 is what OUT gets, 4
 * what ERR gets, 5 is to be closed when it is ready. Returns 0 with the write ends, or -errno
 * with a record.
 */
int logger_start(struct logger *logger, struct children *children, const struct uri *uri,
		 const char *const names[2], int ret_ends[2]);

/* Wait until it is ready: in a child. Returns 0, or -errno with a record. */
int logger_await(const struct logger *logger);

/* It runs, and has not taken all yet. */
bool logger_is_running(const struct logger *logger);

/* Ask it to end if it still runs, and see to it that it does (12 s); forget it. */
void logger_release(struct logger *logger);
