/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check - say all that is wrong with a bundle; nothing is made. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "container/runtime.h"

enum check_format { CHECK_TEXT, CHECK_JSON };

struct check_options {
	const char *bundle; /* NULL: the current directory */
	const char *config; /* NULL: the bundle's config.json */
	enum check_format format;
	bool is_strict; /* what the host lacks, and warnings, count as errors do */
};

/*
 * Read the bundle and plan a container of it, going on behind each mistake; look at the files
 * and the host that it needs.  What was found is added to OUT.  Returns 0, 1 when there was
 * something that keeps a container from being created, or a negative errno.
 */
int container_check(const struct runtime *runtime, const struct check_options *options,
		    struct buf *out);
