/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signals - the numbers of signals by name. */
#pragma once

/*
 * Read a signal as people and managers write it, in either case: "TERM", "SIGTERM", "15",
 * "RTMIN+3", "SIGRTMAX-1"; 0 asks only whether there is a process.  Returns the number (0 to
 * SIGNAL_MAX), or -EINVAL with a record.
 */
int signal_parse(const char *text);

#define SIGNAL_MAX 64
