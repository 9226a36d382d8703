/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main - containerd-shim-tare-v2: do what the command line says. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "shim/arguments.h"
#include "shim/cleanup.h"
#include "shim/daemon.h"
#include "shim/info.h"
#include "shim/loop/note.h"
#include "shim/start.h"

static int run(const struct arguments *arguments)
{
	switch (arguments->action) {
	case SHIM_DAEMON:
		return daemon_run(arguments);
	case SHIM_START:
		return start_run(arguments);
	case SHIM_DELETE:
		return cleanup_run(arguments);
	case SHIM_INFO:
		return info_run();
	case SHIM_VERSION:
		return info_print_version();
	case SHIM_HELP:
		return fd_write_all(STDOUT_FILENO, arguments_help, strlen(arguments_help));
	}
	return err_refuse("unknown action");
}

/* What is on stderr is what the user of containerd sees of a failure. */
int main(int argc, char **argv)
{
	struct arguments arguments = { .action = SHIM_HELP };
	char text[ERR_TEXT_MAX + 128];

	if (arguments_parse(argv + (argc > 0), &arguments) == 0 && run(&arguments) == 0)
		return 0;
	err_text(err_last(), text, sizeof(text));
	if (arguments.action == SHIM_DAEMON)
		note_line(NOTE_ERROR, "%s", text);
	else
		dprintf(STDERR_FILENO, "containerd-shim-tare-v2: %s\n", text);
	return 1;
}
