/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child - run a helper program and wait for it. */
#pragma once

/*
 * Run ARGS (ended by NULL; args[0] is an absolute path) with an empty
 * environment, standard input and output at /dev/null; what it writes to
 * standard error is part of the error.  It is killed after TIMEOUT_MS.
 * Returns 0 when it exited with status 0.
 */
int child_run(char *const *args, int timeout_ms);
