/* SPDX-License-Identifier: GPL-2.0-or-later */
/* command - a command as a table row: its options, its arguments, what it does. */
#include "cli/command.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "cli/usage.h"

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

static int read_and_run(const struct command *command, struct call *call, void *options,
			const char *const *arguments, struct option_rest *rest)
{
	if (option_parse(command->options, command->stops_at_argument, arguments, options,
			 rest))
		return misuse(command, call->program);
	if (rest->wants_help)
		return help(command, call->program);
	if (check_arguments(command, call->program, rest->count))
		return misuse(command, call->program);
	call->arguments = rest->arguments;
	return command->run(call);
}

int command_run(const struct command *command, const char *program,
		const struct runtime *runtime, const char *const *arguments)
{
	_cleanup_free_ void *options = xcalloc(1, command->options_size);
	struct call call = { .program = program, .runtime = runtime, .options = options };
	struct option_rest rest = { 0 };
	int status = read_and_run(command, &call, options, arguments, &rest);

	option_release(command->options, options, &rest);
	return status;
}
