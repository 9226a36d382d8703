/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events - what a container uses, and that it ran out of memory, line by line. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "container/runtime.h"

/*
 * Write what the container uses to standard output, now and at once, if IS_ONCE;
 * else every INTERVAL_MS, first after that time, and a line when the kernel
 * killed something in it for lack of memory, until nobody is left in it.
 */
int container_events(const struct runtime *runtime, const char *id, int64_t interval_ms,
		     bool is_once);
