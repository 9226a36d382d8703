/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pause - `tare pause` and `tare resume`. */
#include "container/pause.h"

#include "cli/commands.h"

static int run_pause(const struct call *call)
{
	return container_pause(call->runtime, call->arguments[0]);
}

static int run_resume(const struct call *call)
{
	return container_resume(call->runtime, call->arguments[0]);
}

const struct command cmd_pause = {
	.name = "pause",
	.arguments = "<container-id>",
	.summary = "hold all processes of a container still",
	.description =
		"Freezes the container's cgroup, and returns when all that is in it stands\n"
		"still; where that does not happen in time, it is undone.\n",
	.options = command_no_options,
	.min_arguments = 1,
	.max_arguments = 1,
	.takes_container = true,
	.run = run_pause,
};

const struct command cmd_resume = {
	.name = "resume",
	.arguments = "<container-id>",
	.summary = "let the processes of a paused container go on",
	.description = "Thaws the cgroup of a container that was paused.\n",
	.options = command_no_options,
	.min_arguments = 1,
	.max_arguments = 1,
	.takes_container = true,
	.run = run_resume,
};
