/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help - `tare help`. */
#include "base/err.h"
#include "cli/commands.h"
#include "cli/usage.h"

static int run(const struct call *call)
{
	_cleanup_buf_ struct buf out = { 0 };
	const char *topic = call->arguments[0];
	const struct command *command = topic ? commands_find(topic) : NULL;

	if (topic && !command)
		return err_refuse("No help topic for '%s'", topic);
	if (command)
		usage_command(command, call->program, &out);
	else
		usage_program(call->program, &out);
	return command_print(&out);
}

const struct command cmd_help = {
	.name = "help",
	.arguments = "[command]",
	.summary = "explain a command, or list all",
	.description = "Prints what --help prints.\n",
	.options = command_no_options,
	.max_arguments = 1,
	.run = run,
};
