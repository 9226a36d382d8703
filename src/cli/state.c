/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state - `tare state`. */
#include "container/state.h"

#include "cli/commands.h"

static int run(const struct call *call)
{
	_cleanup_buf_ struct buf out = { 0 };
	int code = container_state(call->runtime, call->arguments[0], &out);

	return code < 0 ? code : command_print(&out);
}

const struct command cmd_state = {
	.name = "state",
	.arguments = "<container-id>",
	.summary = "print the state of a container",
	.description = "Prints one JSON object: id, pid, status (creating, created, running,\n"
		       "paused or stopped), bundle, annotations and when it was created.\n",
	.options = command_no_options,
	.min_arguments = 1,
	.max_arguments = 1,
	.takes_container = true,
	.run = run,
};
