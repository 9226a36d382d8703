/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create - `tare create`. */
#include "container/create.h"

#include "cli/commands.h"
#include "cli/create_rows.h"

/* clang-format off */
#define T create_options
static const struct option_spec rows[] = {
	CREATE_ROWS,
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	struct create_options options = *(const struct create_options *)call->options;

	options.id = call->arguments[0];
	options.is_detached = true;
	return container_create(call->runtime, &options);
}

const struct command cmd_create = {
	.name = "create",
	.arguments = "<container-id>",
	.summary = "create a container from a bundle",
	.description = "Makes the container that config.json of the bundle describes, and\n"
		       "stops just before its program is executed: \"start\" does that.\n"
		       "\n"
		       "A bundle is a directory with a config.json and, usually, the root\n"
		       "file system. The id must be unique under --root; it is made of\n"
		       "letters, digits and the characters _ + - . (not \".\" or \"..\").\n",
	.options = rows,
	.options_size = sizeof(struct create_options),
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run,
};
