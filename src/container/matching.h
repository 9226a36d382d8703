/* SPDX-License-Identifier: GPL-2.0-or-later */
/* matching - what is done to each container whose id matches a regular expression. */
#pragma once

#include "base/err.h"
#include "container/runtime.h"

/* The containers, and what went wrong with the first of them that something went wrong with. */
struct matching {
	char **ids; /* sorted, NULL at the end */
	struct err failure;
};

/*
 * Find the containers whose id PATTERN matches, an extended regular expression (regex(7)) that
 * may match anywhere in it.  None is no failure.
 */
int matching_open(const struct runtime *runtime, const char *pattern,
		  struct matching *ret_matching);

/* RESULT is what came of the container ID: a failure is put aside, a second one into the log. */
void matching_note(struct matching *matching, const char *id, int result);

/* Returns 0 when nothing failed, or the first failure. */
int matching_close(struct matching *matching);
