/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check - `tare check`. */
#include "container/check.h"

#include "base/err.h"
#include "cli/commands.h"
#include "cli/create_rows.h"

/* clang-format off */
static const struct word formats[] = {
	{ "text", CHECK_TEXT },
	{ "json", CHECK_JSON },
	{ 0 },
};

#define T check_options
static const struct option_spec rows[] = {
	BUNDLE_ROWS,
	WORD("",  "format", format,    enum check_format, formats, "how to print (text unless said)"),
	FLAG("",  "strict", is_strict, "fail for what the host lacks and for warnings, too"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	const struct check_options *options = call->options;
	_cleanup_buf_ struct buf out = { 0 };
	int status = container_check(call->runtime, options, &out);

	if (status < 0)
		return status;
	return command_print(&out) < 0 ? err_code() : status;
}

const struct command cmd_check = {
	.name = "check",
	.arguments = "",
	.summary = "say all that is wrong with a bundle",
	.description = "Reads config.json and plans a container of it, as create does, but\n"
		       "goes on behind each mistake, and makes nothing. It needs no\n"
		       "privileges. Exits with 0, with 1 when no container could be created\n"
		       "of the bundle, or with 2 when it could not check.\n",
	.options = rows,
	.options_size = sizeof(struct check_options),
	.failure_status = 2,
	.run = run,
};
