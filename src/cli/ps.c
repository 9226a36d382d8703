/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ps - `tare ps`. */
#include "container/ps.h"

#include <limits.h>

#include "cli/commands.h"

struct ps_options {
	enum ps_format format;
};

/* clang-format off */
static const struct word formats[] = {
	{ "table", PS_TABLE },
	{ "json",  PS_JSON },
	{ 0 },
};

#define T ps_options
static const struct option_spec rows[] = {
	WORD("f", "format", format, enum ps_format, formats, "how to print (table unless said)"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	const struct ps_options *options = call->options;
	_cleanup_buf_ struct buf out = { 0 };
	int code = container_ps(call->runtime, call->arguments[0], options->format,
				call->arguments + 1, &out);

	return code < 0 ? code : command_print(&out);
}

const struct command cmd_ps = {
	.name = "ps",
	.arguments = "<container-id> [ps-option...]",
	.summary = "list the processes of a container",
	.description =
		"Lists the processes in the container's cgroup. As a table it is what ps(1)\n"
		"prints about them: options behind the id are its (-ef unless said).\n",
	.options = rows,
	.options_size = sizeof(struct ps_options),
	.min_arguments = 1,
	.max_arguments = UINT_MAX,
	.stops_at_argument = true,
	.takes_container = true,
	.run = run,
};
