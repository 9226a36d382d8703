/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child - run a helper program and wait for it. */
#pragma once

#include "base/buf.h"

/*
 * Run ARGS (ended by NULL; args[0] is an absolute path) with an empty
 * environment, standard input and output at /dev/null; what it writes to
 * standard error is part of the error.  It is killed after TIMEOUT_MS.
 * Returns 0 when it exited with status 0.
 */
int child_run(char *const *args, int timeout_ms);

#define CHILD_OUTPUT_MAX (16u << 20)

/*
 * Run a program of the user's (args[0] is looked up in PATH) with our
 * environment and add what it writes, to standard error too, to OUT: at most
 * CHILD_OUTPUT_MAX bytes.  It is killed after TIMEOUT_MS.  When it fails, what it
 * wrote is in the error, and OUT is as it was.
 */
int child_output(char *const *args, int timeout_ms, struct buf *out);
