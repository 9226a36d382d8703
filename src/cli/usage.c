/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage - help texts, made of the tables. */
#include "cli/usage.h"

#include <string.h>

#include "cli/commands.h"
#include "cli/global.h"

/* How much room there is for an option or a command in front of what it does. */
#define OPTION_COLUMN 27
#define COMMAND_COLUMN 12

static void add_value(const struct option_spec *row, struct buf *out)
{
	if (row->kind == OPTION_WORD) {
		buf_printf(out, " ");
		option_choices(row, "|", out);
	} else if (row->value) {
		buf_printf(out, " %s", row->value);
	}
}

/* "   --bundle DIR, -b DIR      where ..." */
static void add_option(const struct option_spec *row, struct buf *out)
{
	_cleanup_buf_ struct buf spelling = { 0 };

	buf_printf(&spelling, "--%s", row->name);
	add_value(row, &spelling);
	for (const char *letter = row->letters; *letter; letter++) {
		buf_printf(&spelling, ", -%c", *letter);
		add_value(row, &spelling);
	}
	buf_printf(out, "   %-*s", OPTION_COLUMN, buf_text(&spelling));
	if (spelling.size > OPTION_COLUMN)
		buf_printf(out, "\n   %-*s", OPTION_COLUMN, "");
	buf_printf(out, "  %s\n", row->help);
}

static void add_options(const char *heading, const struct option_spec *table, struct buf *out)
{
	buf_printf(out, "\n%s:\n", heading);
	for (; table->name; table++)
		add_option(table, out);
	add_option(&option_help, out);
}

/* TEXT with every line set in. */
static void add_text(const char *text, struct buf *out)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		buf_printf(out, "%s%.*s\n", length ? "   " : "", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

void usage_command(const struct command *command, const char *program, struct buf *out)
{
	buf_printf(out, "NAME:\n   %s %s - %s\n", program, command->name, command->summary);
	buf_printf(out, "\nUSAGE:\n   %s %s [command options]%s%s\n", program, command->name,
		   *command->arguments ? " " : "", command->arguments);
	buf_printf(out, "\nDESCRIPTION:\n");
	add_text(command->description, out);
	add_options("OPTIONS", command->options, out);
}

void usage_program(const char *program, struct buf *out)
{
	buf_printf(out, "NAME:\n   %s - Open Container Initiative runtime\n", program);
	buf_printf(out,
		   "\nUSAGE:\n   %s [global options] command [command options] [arguments]\n",
		   program);
	buf_printf(out, "\nVERSION:\n   %s\n", TARE_VERSION);
	buf_printf(out, "\nCOMMANDS:\n");
	for (const struct command *const *command = commands; *command; command++)
		if (!(*command)->is_hidden)
			buf_printf(out, "   %-*s  %s\n", COMMAND_COLUMN, (*command)->name,
				   (*command)->summary);
	add_options("GLOBAL OPTIONS", global_options, out);
}
