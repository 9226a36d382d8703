/* SPDX-License-Identifier: GPL-2.0-or-later */
/* completion - `tare completion`. */
#include "cli/completion.h"

#include "base/err.h"
#include "cli/commands.h"

/* clang-format off */
static const struct word shells[] = {
	{ "bash", SHELL_BASH },
	{ "zsh",  SHELL_ZSH },
	{ "fish", SHELL_FISH },
	{ 0 },
};
/* clang-format on */

void completion_words(const struct command *command, struct buf *out)
{
	const char *blank = "";

	if (command->words)
		buf_printf(out, "%s", command->words);
	if (command != &cmd_help)
		return;
	for (const struct command *const *other = commands; *other; other++) {
		if ((*other)->is_hidden)
			continue;
		buf_printf(out, "%s%s", blank, (*other)->name);
		blank = " ";
	}
}

void completion_text(enum shell shell, const char *program, struct buf *out)
{
	switch (shell) {
	case SHELL_BASH:
		completion_bash(program, out);
		break;
	case SHELL_ZSH:
		completion_zsh(program, out);
		break;
	case SHELL_FISH:
		completion_fish(program, out);
		break;
	}
}

static int run(const struct call *call)
{
	_cleanup_buf_ struct buf out = { 0 };
	const struct word *shell = word_find(shells, call->arguments[0]);

	if (!shell)
		return err_refuse("unknown shell \"%s\": must be bash, zsh or fish",
				  call->arguments[0]);
	completion_text((enum shell)shell->value, call->program, &out);
	return command_print(&out);
}

const struct command cmd_completion = {
	.name = "completion",
	.arguments = "bash|zsh|fish",
	.summary = "print a script that completes words in a shell",
	.description = "Prints a script for bash, zsh or fish. With bash, for example:\n"
		       "\n"
		       "    source <(tare completion bash)\n",
	.options = command_no_options,
	.words = "bash zsh fish",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run,
};
