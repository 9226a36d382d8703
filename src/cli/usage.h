/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage - help texts, made of the tables. */
#pragma once

#include "base/buf.h"
#include "cli/command.h"

/* What `tare help` prints. */
void usage_program(const char *program, struct buf *out);

/* What `tare help COMMAND` prints; its form is runc's, which people's tests look at. */
void usage_command(const struct command *command, const char *program, struct buf *out);
