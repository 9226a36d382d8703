/* SPDX-License-Identifier: GPL-2.0-or-later */
/* restore - `tare restore`. */
#include "container/restore.h"

#include "base/err.h"
#include "cli/commands.h"
#include "cli/create_rows.h"
#include "cli/criu_rows.h"

struct restore_values {
	struct criu_values criu;
	struct create_options create;
};

/* clang-format off */
#define T restore_values
static const struct option_spec rows[] = {
	CRIU_ROWS,
	TEXT  ("b", "bundle",          create.bundle,         "DIR",
	       "where config.json is (the current directory unless said)"),
	TEXT  ("f", "config",          create.config,         "FILE",
	       "read FILE instead of config.json of the bundle"),
	TEXT  ("",  "console-socket",  create.console_socket, "PATH",
	       "send the master of the terminal to the unix socket PATH"),
	TEXT  ("",  "pid-file",        create.pid_file,       "FILE",
	       "write the pid of the first process to FILE"),
	FLAG  ("d", "detach",          create.is_detached,
	       "do not wait for the container"),
	FLAG  ("",  "no-subreaper",    create.no_subreaper,
	       "do not adopt processes that the container orphans"),
	FLAG  ("",  "no-new-keyring",  create.no_new_keyring,
	       "keep the session keyring of the caller"),
	FLAG  ("",  "no-pivot",        create.no_pivot,
	       "taken and ignored, CRIU enters the root file system in its own way"),
	TEXT  ("",  "lsm-profile",     criu.flags.lsm_profile, "TYPE:NAME",
	       "the AppArmor profile or SELinux label to have, in place of the saved one"),
	TEXT  ("",  "lsm-mount-context", criu.flags.lsm_mount_context, "LABEL",
	       "the SELinux label of mounts, in place of the saved one"),
	{ 0 },
};
#undef T
/* clang-format on */

static int run(const struct call *call)
{
	const struct restore_values *values = call->options;
	struct restore_options options = {
		.create = values->create,
		.image_path = values->criu.image_path,
		.work_path = values->criu.work_path,
	};

	options.create.id = call->arguments[0];
	if (criu_rows_flags(&values->criu, &options.flags))
		return err_code();
	return container_restore(call->runtime, &options);
}

const struct command cmd_restore = {
	.name = "restore",
	.arguments = "<container-id>",
	.summary = "make a container of saved processes",
	.description =
		"Makes the container that the bundle describes, and fills it with the\n"
		"processes whose images \"checkpoint\" wrote, by CRIU. Unless --detach is\n"
		"said, it stays, passes signals on, deletes the container at the end and\n"
		"exits with the status of its first process, or with 128 and the number of\n"
		"the signal that ended it.\n",
	.options = rows,
	.options_size = sizeof(struct restore_values),
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run,
};
