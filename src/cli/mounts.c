/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - `tare mounts`. */
#include "container/mounts.h"

#include "base/err.h"
#include "base/words.h"
#include "cli/commands.h"

/* clang-format off */
static const struct word verbs[] = {
	{ "add",    false },
	{ "remove", true },
	{ 0 },
};
/* clang-format on */

static int run(const struct call *call)
{
	const struct word *verb = word_find(verbs, call->arguments[0]);

	if (!verb)
		return err_refuse("unknown command \"%s\" of mounts: must be add or remove",
				  call->arguments[0]);
	return container_mounts(call->runtime, call->arguments[1], call->arguments[2],
				verb->value);
}

const struct command cmd_mounts = {
	.name = "mounts",
	.arguments = "add|remove <container-id> <file>",
	.summary = "add mounts to a running container, or take them away",
	.description =
		"The file (- for stdin) has a list of mounts as in config.json, or is a\n"
		"config.json itself. They are added in their order, all or none; \"remove\"\n"
		"unmounts what is at their destinations, the last one first.\n",
	.options = command_no_options,
	.words = "add remove",
	.min_arguments = 3,
	.max_arguments = 3,
	.run = run,
};
