/* SPDX-License-Identifier: GPL-2.0-or-later */
/* logsocket - log lines for the daemons that keep those of the host. */
#pragma once

#include "base/log.h"

/* Connect to the daemon that listens at PATH.  Nothing that is written there waits for it. */
int logsocket_open(const char *path);

/*
 * Write MESSAGE to syslog(3)'s daemon, as PROGRAM.  It is lost when the daemon does not take it:
 * there is nobody left to tell.
 */
void logsocket_syslog(int fd, const char *program, enum log_level level, const char *message);

/* The same for systemd's journal, by its own protocol; ID becomes a field of that name, too. */
void logsocket_journal(int fd, const char *id, enum log_level level, const char *message);
