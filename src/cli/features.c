/* SPDX-License-Identifier: GPL-2.0-or-later */
/* features - `tare features`. */
#include "container/features.h"

#include "base/err.h"
#include "cli/commands.h"

static int run(const struct call *call)
{
	_cleanup_buf_ struct buf out = { 0 };

	(void)call;
	if (container_features(&out))
		return err_code();
	return command_print(&out);
}

const struct command cmd_features = {
	.name = "features",
	.arguments = "",
	.summary = "print what this runtime can do",
	.description = "Prints one JSON object, which features.md of the OCI runtime\n"
		       "specification describes.\n",
	.options = command_no_options,
	.run = run,
};
