/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command - a command as a table row: its options, its arguments, what it does. */
#include "cli/command.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "cli/usage.h"
#include "cli/version.h"

const struct option_spec command_no_options[] = { { 0 } };

int command_print(const struct buf *text)
{
	if (fd_write_all(STDOUT_FILENO, buf_text(text), text->size))
		return err_while("print to stdout");
	return 0;
}

static int check_arguments(const struct command *command, const char *program, unsigned count)
{
	bool is_exact = command->min_arguments == command->max_arguments;

	if (is_exact && count != command->min_arguments)
		return err_refuse("%s: \"%s\" requires exactly %u argument(s)", program,
				  command->name, command->min_arguments);
	if (count < command->min_arguments)
		return err_refuse("%s: \"%s\" requires a minimum of %u argument(s)", program,
				  command->name, command->min_arguments);
	if (count > command->max_arguments)
		return err_refuse("%s: \"%s\" requires a maximum of %u argument(s)", program,
				  command->name, command->max_arguments);
	return 0;
}

int command_misuse(const struct buf *usage)
{
	_cleanup_buf_ struct buf text = { 0 };
	ssize_t written;

	buf_printf(&text, "Incorrect Usage.\n\n%s", buf_text(usage));
	written = write(STDOUT_FILENO, text.text, text.size);
	(void)written; /* the reason is on record already, and matters more */
	return err_code();
}

static int misuse(const struct command *command, const char *program)
{
	_cleanup_buf_ struct buf text = { 0 };

	usage_command(command, program, &text);
	return command_misuse(&text);
}

static int help(const struct command *command, const char *program)
{
	_cleanup_buf_ struct buf text = { 0 };

	usage_command(command, program, &text);
	return command_print(&text);
}

static int version(const char *program)
{
	_cleanup_buf_ struct buf text = { 0 };

	version_text(program, &text);
	return command_print(&text);
}

static int run(const struct command *command, struct call *call,
	       const struct global_values *globals)
{
	_cleanup_free_ char *root = NULL;
	struct runtime runtime;

	if (global_runtime(globals, &runtime, &root))
		return err_code();
	call->runtime = &runtime;
	return command->run(call);
}

/* The log is open as the options before the command said; those behind it may say otherwise. */
static int open_log(const struct global_values *before, const struct global_values *globals)
{
	bool is_same = before->log == globals->log && before->is_debug == globals->is_debug &&
		       before->log_format == globals->log_format &&
		       before->log_level == globals->log_level;

	return is_same ? 0 : global_open_log(globals);
}

static int read_and_run(const struct command *command, struct call *call,
			const struct option_set *set, const char *const *arguments,
			struct option_rest *rest)
{
	struct global_values *globals = set->outer->values;
	const struct global_values before = *globals;

	if (option_parse(set, command->stops_at_argument, arguments, rest))
		return misuse(command, call->program);
	if (rest->wants_help)
		return help(command, call->program);
	if (globals->wants_version)
		return version(call->program);
	if (open_log(&before, globals))
		return err_code();
	if (check_arguments(command, call->program, rest->count))
		return misuse(command, call->program);
	call->arguments = rest->arguments;
	return run(command, call, globals);
}

int command_run(const struct command *command, const char *program,
		struct global_values *globals, const char *const *arguments)
{
	_cleanup_free_ void *options = xcalloc(1, command->options_size);
	struct call call = { .program = program, .options = options };
	struct option_set outer = { global_options, globals, NULL };
	struct option_set set = { command->options, options, &outer };
	struct option_rest rest = { 0 };
	int status = read_and_run(command, &call, &set, arguments, &rest);

	option_release(&set, &rest);
	return status;
}
