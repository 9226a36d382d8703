/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start - `tare start`. */
#include "container/start.h"

#include "cli/commands.h"

static int run(const struct call *call)
{
	return container_start(call->runtime, call->arguments[0]);
}

const struct command cmd_start = {
	.name = "start",
	.arguments = "<container-id>",
	.summary = "execute the program of a created container",
	.description = "Lets a container that was created go on: its first process executes\n"
		       "the program that config.json names.\n",
	.options = command_no_options,
	.min_arguments = 1,
	.max_arguments = 1,
	.takes_container = true,
	.run = run,
};
