/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command - a command as a table row: its options, its arguments, what it does. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "cli/global.h"
#include "cli/option.h"
#include "container/runtime.h"

/* What a command is given. */
struct call {
	const char *program; /* "tare", or as which name it was called */
	const struct runtime *runtime;
	const void *options;          /* a struct of the command's options_size bytes */
	const char *const *arguments; /* what is not an option, NULL behind the last */
};

struct command {
	const char *name;
	const char *arguments;   /* "<container-id> [signal]"; "" for none */
	const char *summary;     /* what it does, one line, begins small */
	const char *description; /* more about it; lines end with newlines */
	const struct option_spec *options;
	size_t options_size;
	unsigned min_arguments, max_arguments;
	bool stops_at_argument; /* what follows the first argument is not an option */
	const char *words;      /* which the first argument is one of; NULL: others */
	bool takes_container;   /* the first argument is the id of a container that exists */
	bool is_hidden;         /* from help and completion */
	int failure_status;     /* when run() fails or was not reached; 0: EXIT_FAILURE */
	/* Returns the exit status, or a negative errno with a record. */
	int (*run)(const struct call *call);
};

/* For a command without options. */
extern const struct option_spec command_no_options[];

/*
 * Read ARGUMENTS (what follows the command's name) and run COMMAND.  Global options may stand
 * among the command's own, which come first where both have one of a name; GLOBALS becomes what
 * they say, and the log goes where they say.  Answers --help and --version by itself; a wrong
 * option or number of arguments prints the help text and fails.  Returns as command->run.
 */
int command_run(const struct command *command, const char *program,
		struct global_values *globals, const char *const *arguments);

/* Write TEXT to stdout. */
int command_print(const struct buf *text);

/* Write that the call was wrong, and USAGE, to stdout.  Returns the failure that is on record. */
int command_misuse(const struct buf *usage);
