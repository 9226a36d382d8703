/* SPDX-License-Identifier: GPL-2.0-or-later */
/* completion_zsh - the script for zsh. */
#include <string.h>

#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/global.h"

/* Each spelling is an argument of _arguments: '--bundle[where ...]:DIR:_files'. */
static void add_option(const struct option_spec *row, struct buf *out)
{
	_cleanup_buf_ struct buf spellings = { 0 };
	char *next = NULL;

	option_spellings(row, &spellings);
	for (char *word = strtok_r(spellings.text, " ", &next); word;
	     word = strtok_r(NULL, " ", &next)) {
		buf_printf(out, " \\\n\t\t'%s[%s]", word, row->help);
		if (row->kind == OPTION_WORD) {
			buf_printf(out, ":%s:(", row->name);
			option_choices(row, " ", out);
			buf_printf(out, ")");
		} else if (option_takes_value(row)) {
			buf_printf(out, ":%s:%s", row->value,
				   option_takes_file(row) ? "_files" : " ");
		}
		buf_printf(out, "'");
	}
}

static void add_options(const struct option_spec *table, struct buf *out)
{
	for (; table->name; table++)
		add_option(table, out);
	add_option(&option_help, out);
}

static void add_command(const struct command *command, const char *program, struct buf *out)
{
	_cleanup_buf_ struct buf words = { 0 };

	buf_printf(out, "\t%s) _arguments", command->name);
	add_options(command->options, out);
	completion_words(command, &words);
	if (words.size)
		buf_printf(out, " \\\n\t\t'1:word:(%s)'", words.text);
	if (command->takes_container)
		buf_printf(out, " \\\n\t\t\"1:container:($(%s list -q 2>/dev/null))\"",
			   program);
	buf_printf(out, " ;;\n");
}

void completion_zsh(const char *program, struct buf *out)
{
	buf_printf(out,
		   "#compdef %s\n_tare()\n{\n"
		   "\tlocal context state state_descr line\n"
		   "\tlocal -A opt_args\n"
		   "\tlocal -a commands\n"
		   "\tcommands=(\n",
		   program);
	for (const struct command *const *command = commands; *command; command++)
		if (!(*command)->is_hidden)
			buf_printf(out, "\t\t'%s:%s'\n", (*command)->name, (*command)->summary);
	buf_printf(out, "\t)\n\t_arguments -C");
	add_options(global_options, out);
	buf_printf(out, " \\\n\t\t'1: :->command' '*:: :->arguments' && return\n"
			"\tif [[ $state == command ]]; then\n"
			"\t\t_describe command commands\n"
			"\t\treturn\n"
			"\tfi\n"
			"\tcase $words[1] in\n");
	for (const struct command *const *command = commands; *command; command++)
		if (!(*command)->is_hidden)
			add_command(*command, program, out);
	buf_printf(out,
		   "\tesac\n"
		   "}\n"
		   "if [[ $funcstack[1] == _tare ]]; then _tare \"$@\"; else compdef _tare %s; "
		   "fi\n",
		   program);
}
