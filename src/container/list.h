/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list - all containers of a state directory. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "container/runtime.h"

enum list_format { LIST_TABLE, LIST_JSON };

/*
 * Add the list to OUT, newline included; IS_QUIET gives the ids alone, one per
 * line.  What cannot be read is left out with a warning in the log.  A state
 * directory that was named with --root must exist.
 */
int container_list(const struct runtime *runtime, enum list_format format, bool is_quiet,
		   struct buf *out);
