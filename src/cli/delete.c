/* SPDX-License-Identifier: GPL-2.0-or-later */
/* delete - `tare delete`. */
#include "container/delete.h"

#include "cli/commands.h"

struct delete_options {
	bool is_forced, is_pattern;
};

/* clang-format off */
#define T delete_options
static const struct option_spec rows[] = {
	FLAG("f", "force", is_forced,  "kill it first if it runs, and no error if there is none"),
	FLAG("r", "regex", is_pattern, "all containers whose id the regular expression matches"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	const struct delete_options *options = call->options;

	if (options->is_pattern)
		return container_delete_matching(call->runtime, call->arguments[0],
						 options->is_forced);
	return container_delete(call->runtime, call->arguments[0], options->is_forced);
}

const struct command cmd_delete = {
	.name = "delete",
	.arguments = "<container-id>",
	.summary = "remove what is left of a container",
	.description = "Removes what is left of a container that has stopped, or was created\n"
		       "and never started, and runs its poststop hooks.\n",
	.options = rows,
	.options_size = sizeof(struct delete_options),
	.min_arguments = 1,
	.max_arguments = 1,
	.takes_container = true,
	.run = run,
};
