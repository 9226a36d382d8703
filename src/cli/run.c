/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run - `tare run`. */
#include "cli/commands.h"
#include "cli/create_rows.h"
#include "container/create.h"

/* clang-format off */
#define T create_options
static const struct option_spec rows[] = {
	CREATE_ROWS,
	FLAG  ("d", "detach",       is_detached,  "do not wait for the container"),
	FLAG  ("",  "keep",         is_kept,      "do not delete the container when it has ended"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	struct create_options options = *(const struct create_options *)call->options;

	options.id = call->arguments[0];
	return container_run(call->runtime, &options);
}

const struct command cmd_run = {
	.name = "run",
	.arguments = "<container-id>",
	.summary = "create and start a container",
	.description =
		"Does what \"create\" and \"start\" do. Unless --detach is said, it stays,\n"
		"passes signals on, deletes the container at the end and exits with\n"
		"the status of its first process, or with 128 and the number of the\n"
		"signal that ended it.\n",
	.options = rows,
	.options_size = sizeof(struct create_options),
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run,
};
