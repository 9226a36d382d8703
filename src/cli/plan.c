/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan - `tare plan`, hidden: what would be done, as text, for the golden tests. */
#include "cli/commands.h"
#include "cli/create_rows.h"
#include "container/dump.h"

/* clang-format off */
#define T create_options
static const struct option_spec rows[] = {
	CREATE_ROWS,
	FLAG("d", "detach", is_detached, "as create and run --detach do"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	struct create_options options = *(const struct create_options *)call->options;
	_cleanup_buf_ struct buf out = { 0 };
	int code;

	options.id = call->arguments[0];
	code = container_dump(call->runtime, &options, &out);
	return code < 0 ? code : command_print(&out);
}

const struct command cmd_plan = {
	.name = "plan",
	.arguments = "<container-id>",
	.summary = "print what run would do",
	.description = "Prints one line for each thing that \"run\" would do, and does none.\n",
	.options = rows,
	.options_size = sizeof(struct create_options),
	.min_arguments = 1,
	.max_arguments = 1,
	.is_hidden = true,
	.run = run,
};
