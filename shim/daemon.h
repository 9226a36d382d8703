/* SPDX-License-Identifier: GPL-2.0-or-later */
/* daemon - the shim itself: it serves until its last container is deleted. */
#pragma once

#include "shim/arguments.h"

/* The descriptor of the listening socket, given by start. */
#define DAEMON_LISTENER 3

/*
 * What GLIBC_TUNABLES has to be when it begins: no store of freed memory for each thread, out of
 * which calloc() takes nothing. It takes it out of its environment.
 */
#define DAEMON_TUNABLES "glibc.malloc.tcache_count=0"

/* Serve. Returns 0 at the end, or -errno with a record. */
int daemon_run(const struct arguments *arguments);
