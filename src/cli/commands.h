/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands - the list of them. */
#pragma once

#include "cli/command.h"

extern const struct command cmd_check;
extern const struct command cmd_checkpoint;
extern const struct command cmd_completion;
extern const struct command cmd_create;
extern const struct command cmd_delete;
extern const struct command cmd_events;
extern const struct command cmd_exec;
extern const struct command cmd_features;
extern const struct command cmd_help;
extern const struct command cmd_kill;
extern const struct command cmd_list;
extern const struct command cmd_mounts;
extern const struct command cmd_plan;
extern const struct command cmd_pause;
extern const struct command cmd_ps;
extern const struct command cmd_resume;
extern const struct command cmd_restore;
extern const struct command cmd_run;
extern const struct command cmd_spec;
extern const struct command cmd_start;
extern const struct command cmd_state;
extern const struct command cmd_update;

/* All of them in the order of the help text, NULL behind the last. */
extern const struct command *const commands[];

/* The one called NAME, or NULL; "h" is help, as in runc. */
const struct command *commands_find(const char *name);
