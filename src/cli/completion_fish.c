/* SPDX-License-Identifier: GPL-2.0-or-later */
/* completion_fish - the script for fish. */
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/global.h"

/* What a row of the table means, behind "complete -c tare -n CONDITION". */
static void add_option(const struct option_spec *row, struct buf *out)
{
	for (const char *letter = row->letters; *letter; letter++)
		buf_printf(out, " -s %c", *letter);
	buf_printf(out, " -l %s", row->name);
	if (row->kind == OPTION_WORD) {
		buf_printf(out, " -x -a '");
		option_choices(row, " ", out);
		buf_printf(out, "'");
	} else if (option_takes_file(row)) {
		buf_printf(out, " -r -F");
	} else if (option_takes_value(row)) {
		buf_printf(out, " -x");
	}
	buf_printf(out, " -d '%s'\n", row->help);
}

static void add_global(const char *program, const struct option_spec *row, struct buf *out)
{
	buf_printf(out, "complete -c %s -n \"not __fish_seen_subcommand_from $commands\"",
		   program);
	add_option(row, out);
}

static void add_row(const char *program, const struct command *command,
		    const struct option_spec *row, struct buf *out)
{
	buf_printf(out, "complete -c %s -n '__fish_seen_subcommand_from %s'", program,
		   command->name);
	add_option(row, out);
}

static void add_command(const char *program, const struct command *command, struct buf *out)
{
	_cleanup_buf_ struct buf words = { 0 };

	buf_printf(out,
		   "complete -c %s -n \"not __fish_seen_subcommand_from $commands\" -a %s -d "
		   "'%s'\n",
		   program, command->name, command->summary);
	for (const struct option_spec *row = command->options; row->name; row++)
		add_row(program, command, row, out);
	add_row(program, command, &option_help, out);
	completion_words(command, &words);
	if (words.size)
		buf_printf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -a '%s'\n",
			   program, command->name, words.text);
	if (command->takes_container)
		buf_printf(out,
			   "complete -c %s -n '__fish_seen_subcommand_from %s' "
			   "-a '(%s list -q 2>/dev/null)'\n",
			   program, command->name, program);
}

void completion_fish(const char *program, struct buf *out)
{
	buf_printf(out, "# fish completion for %s\nset -l commands", program);
	for (const struct command *const *command = commands; *command; command++)
		if (!(*command)->is_hidden)
			buf_printf(out, " %s", (*command)->name);
	buf_printf(out, "\ncomplete -c %s -f\n", program);
	for (const struct option_spec *row = global_options; row->name; row++)
		add_global(program, row, out);
	add_global(program, &option_help, out);
	for (const struct command *const *command = commands; *command; command++)
		if (!(*command)->is_hidden)
			add_command(program, *command, out);
}
