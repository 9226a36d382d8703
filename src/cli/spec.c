/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec - `tare spec`. */
#include "container/spec.h"

#include "cli/commands.h"

/* clang-format off */
#define T spec_options
static const struct option_spec rows[] = {
	TEXT("b", "bundle",   bundle,      "DIR", "where to write it (the current directory unless said)"),
	TEXT("f", "file",     file,        "FILE", "write to FILE, also if it is there (a new config.json unless said)"),
	FLAG("",  "rootless", is_rootless, "for a container that an ordinary user runs"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	return container_spec(call->options);
}

const struct command cmd_spec = {
	.name = "spec",
	.arguments = "",
	.summary = "write a config.json to begin with",
	.description =
		"Writes a config.json, to be edited, that runs \"sh\" in a terminal with\n"
		"the directory rootfs as root. A config.json that is there is not\n"
		"overwritten; what --file names is.\n",
	.options = rows,
	.options_size = sizeof(struct spec_options),
	.run = run,
};
