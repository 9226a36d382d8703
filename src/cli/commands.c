/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands - the list of them. */
#include "cli/commands.h"

#include <string.h>

/* clang-format off */
const struct command *const commands[] = {
	&cmd_create,   &cmd_start,      &cmd_run,  &cmd_exec,  &cmd_state,
	&cmd_kill,     &cmd_delete,     &cmd_list, &cmd_ps,    &cmd_pause,
	&cmd_resume,   &cmd_checkpoint, &cmd_restore, &cmd_update, &cmd_mounts, &cmd_events,
	&cmd_spec,           &cmd_check, &cmd_features, &cmd_completion,
	&cmd_help,     &cmd_plan,       NULL,
};
/* clang-format on */

const struct command *commands_find(const char *name)
{
	if (strcmp(name, "h") == 0)
		return &cmd_help;
	for (const struct command *const *command = commands; *command; command++)
		if (strcmp((*command)->name, name) == 0)
			return *command;
	return NULL;
}
