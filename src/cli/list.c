/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list - `tare list`. */
#include "container/list.h"

#include "cli/commands.h"

struct list_options {
	enum list_format format;
	bool is_quiet;
};

/* clang-format off */
static const struct word formats[] = {
	{ "table", LIST_TABLE },
	{ "json",  LIST_JSON },
	{ 0 },
};

#define T list_options
static const struct option_spec rows[] = {
	WORD("f", "format", format,   enum list_format, formats, "how to print (table unless said)"),
	FLAG("q", "quiet",  is_quiet, "print ids only"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	const struct list_options *options = call->options;
	_cleanup_buf_ struct buf out = { 0 };
	int code = container_list(call->runtime, options->format, options->is_quiet, &out);

	return code < 0 ? code : command_print(&out);
}

const struct command cmd_list = {
	.name = "list",
	.arguments = "",
	.summary = "list containers",
	.description = "Lists the containers whose state is under --root, by id.\n",
	.options = rows,
	.options_size = sizeof(struct list_options),
	.run = run,
};
