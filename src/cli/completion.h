/* SPDX-License-Identifier: GPL-2.0-or-later */
/* completion - scripts that teach a shell what may follow, made of the tables. */
#pragma once

#include "base/buf.h"
#include "cli/command.h"

enum shell { SHELL_BASH, SHELL_ZSH, SHELL_FISH };

/* The script for a program that is called PROGRAM. */
void completion_text(enum shell shell, const char *program, struct buf *out);

/* Which words the first argument of COMMAND is one of, blanks between them; nothing for others. */
void completion_words(const struct command *command, struct buf *out);

void completion_bash(const char *program, struct buf *out);
void completion_zsh(const char *program, struct buf *out);
void completion_fish(const char *program, struct buf *out);
