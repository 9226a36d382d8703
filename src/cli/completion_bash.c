/* SPDX-License-Identifier: GPL-2.0-or-later */
/* completion_bash - the script for bash. */
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/global.h"

/* "create --bundle"|"create -b" */
static void add_pattern(const char *command, const struct option_spec *row, struct buf *out)
{
	buf_printf(out, "\"%s --%s\"", command, row->name);
	for (const char *letter = row->letters; *letter; letter++)
		buf_printf(out, "|\"%s -%c\"", command, *letter);
}

/* What may follow an option of COMMAND ("" for a global one) that takes a value. */
static void add_values(const char *command, const struct option_spec *row, struct buf *out)
{
	buf_printf(out, "\t");
	add_pattern(command, row, out);
	if (row->kind == OPTION_WORD) {
		buf_printf(out, ") words=\"");
		option_choices(row, " ", out);
		buf_printf(out, "\" ;;\n");
	} else if (option_takes_file(row)) {
		buf_printf(out, ") _tare_files \"$word\"; return ;;\n");
	} else {
		buf_printf(out, ") return ;;\n");
	}
}

static void add_table_values(const char *command, const struct option_spec *table,
			     struct buf *out)
{
	for (; table->name; table++)
		if (option_takes_value(table))
			add_values(command, table, out);
}

static void add_table_spellings(const struct option_spec *table, struct buf *out)
{
	for (; table->name; table++)
		option_spellings(table, out);
	option_spellings(&option_help, out);
}

/*
 * Finds the command: the first word that is neither an option nor the value of one.  To bash, an
 * equals sign is a word of its own.
 */
static void add_search(struct buf *out)
{
	buf_printf(out, "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			"\t\tcase ${COMP_WORDS[i]} in\n"
			"\t\t=) ((i++)) ;;\n");
	for (const struct option_spec *row = global_options; row->name; row++)
		if (option_takes_value(row))
			buf_printf(out,
				   "\t\t--%s) [[ ${COMP_WORDS[i + 1]} == = ]] || ((i++)) ;;\n",
				   row->name);
	buf_printf(out,
		   "\t\t-*) ;;\n"
		   "\t\t*) command=${COMP_WORDS[i]}; break ;;\n"
		   "\t\tesac\n"
		   "\tdone\n"
		   "\tif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
		   "\tif [[ $word == = ]]; then word=; fi\n");
}

static void add_words(const char *program, struct buf *out)
{
	buf_printf(out, "\tcase \"$command\" in\n\t\"\") words=\"");
	for (const struct command *const *command = commands; *command; command++)
		if (!(*command)->is_hidden)
			buf_printf(out, " %s", (*command)->name);
	add_table_spellings(global_options, out);
	buf_printf(out, "\" ;;\n");
	for (const struct command *const *command = commands; *command; command++) {
		if ((*command)->is_hidden)
			continue;
		buf_printf(out, "\t%s) words=\"", (*command)->name);
		add_table_spellings((*command)->options, out);
		buf_printf(out, " ");
		completion_words(*command, out);
		if ((*command)->takes_container)
			buf_printf(out, " $(%s list -q 2>/dev/null)", program);
		buf_printf(out, "\" ;;\n");
	}
	buf_printf(out, "\tesac\n");
}

static void add_beginning(const char *program, struct buf *out)
{
	buf_printf(out, "# bash completion for %s\n", program);
	buf_printf(out, "_tare_files()\n{\n"
			"\tcompopt -o filenames\n"
			"\tmapfile -t COMPREPLY < <(compgen -f -- \"$1\")\n"
			"}\n\n");
	buf_printf(out, "_tare()\n{\n"
			"\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
			"\tlocal before=${COMP_WORDS[COMP_CWORD - 1]}\n"
			"\tlocal command='' words='' i\n");
}

void completion_bash(const char *program, struct buf *out)
{
	add_beginning(program, out);
	add_search(out);
	add_words(program, out);
	buf_printf(out, "\tcase \"$command $before\" in\n");
	add_table_values("", global_options, out);
	for (const struct command *const *command = commands; *command; command++)
		if (!(*command)->is_hidden)
			add_table_values((*command)->name, (*command)->options, out);
	buf_printf(out,
		   "\tesac\n"
		   "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
		   "}\n"
		   "complete -F _tare %s\n",
		   program);
}
