/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_command - arguments, help texts and scripts agree with the tables. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/global.h"
#include "cli/usage.h"
#include "cli/version.h"

static int ran(const struct call *call)
{
	return call->arguments[0] ? 42 : 43;
}

static const struct command one_or_two = {
	.name = "try",
	.arguments = "<a> [b]",
	.summary = "try",
	.description = "Tries.\n",
	.options = command_no_options,
	.min_arguments = 1,
	.max_arguments = 2,
	.run = ran,
};

static const struct command exactly_one = {
	.name = "create",
	.arguments = "<container-id>",
	.summary = "create",
	.description = "Creates.\n",
	.options = command_no_options,
	.min_arguments = 1,
	.max_arguments = 1,
	.run = ran,
};

static int try(const struct command *command, const char *const *arguments)
{
	struct global_values globals = GLOBAL_VALUES_UNSAID;

	return command_run(command, "runc", &globals, arguments);
}

static void expect_error(const char *expected)
{
	char text[ERR_TEXT_MAX];

	err_text(err_last(), text, sizeof(text));
	ck_assert_str_eq(text, expected);
	err_clear();
}

START_TEST(a_command_answers_its_own_status)
{
	ck_assert_int_eq(try(&one_or_two, (const char *const[]){ "a", NULL }), 42);
}
END_TEST

START_TEST(too_few_or_too_many_arguments_are_counted_in_runcs_words)
{
	static const char *const none[] = { NULL };
	static const char *const three[] = { "a", "b", "c", NULL };

	ck_assert_int_lt(try(&exactly_one, none), 0);
	expect_error("runc: \"create\" requires exactly 1 argument(s)");
	ck_assert_int_lt(try(&one_or_two, none), 0);
	expect_error("runc: \"try\" requires a minimum of 1 argument(s)");
	ck_assert_int_lt(try(&one_or_two, three), 0);
	expect_error("runc: \"try\" requires a maximum of 2 argument(s)");
}
END_TEST

START_TEST(help_is_no_failure_and_needs_no_arguments)
{
	ck_assert_int_eq(try(&exactly_one, (const char *const[]){ "--help", NULL }), 0);
	ck_assert_int_eq(err_last()->code, 0);
}
END_TEST

START_TEST(names_are_found_and_unknown_ones_are_not)
{
	ck_assert_ptr_eq(commands_find("create"), &cmd_create);
	ck_assert_ptr_eq(commands_find("h"), &cmd_help);
	ck_assert_ptr_eq(commands_find("plan"), &cmd_plan);
	ck_assert_ptr_null(commands_find("nosuch"));
	ck_assert_ptr_null(commands_find(""));
}
END_TEST

START_TEST(the_first_lines_of_help_are_runcs)
{
	static const char all[] = "NAME:\n   runc - Open Container Initiative runtime\n";
	static const char one[] = "NAME:\n   runc kill - ";
	struct buf text = { 0 };

	usage_program("runc", &text);
	ck_assert_int_eq(strncmp(text.text, all, sizeof(all) - 1), 0);
	ck_assert_ptr_null(strstr(text.text, "   plan "));
	buf_release(&text);
	usage_command(&cmd_kill, "runc", &text);
	ck_assert_int_eq(strncmp(text.text, one, sizeof(one) - 1), 0);
	buf_release(&text);
}
END_TEST

START_TEST(one_line_of_the_version_says_version)
{
	static const char first[] = "runc version " TARE_VERSION "\ncommit: ";
	struct buf text = { 0 };

	version_text("runc", &text);
	ck_assert_int_eq(strncmp(text.text, first, sizeof(first) - 1), 0);
	ck_assert_ptr_null(strstr(text.text + 13, "version"));
	ck_assert_ptr_nonnull(strstr(text.text, "\nspec: 1.3.0\nlibseccomp: "));
	buf_release(&text);
}
END_TEST

static void expect_help_texts_that_shells_take(const struct option_spec *table)
{
	for (; table->name; table++)
		ck_assert_msg(!strpbrk(table->help, "'\"`$[]:\\"), "%s: %s", table->name,
			      table->help);
}

START_TEST(help_texts_need_no_quoting_in_scripts)
{
	expect_help_texts_that_shells_take(global_options);
	for (const struct command *const *command = commands; *command; command++) {
		expect_help_texts_that_shells_take((*command)->options);
		ck_assert_ptr_null(strpbrk((*command)->summary, "'\"`$[]:\\"));
	}
}
END_TEST

/* In fish, "-l NAME" stands for "--NAME". */
static void expect_options(const char *script, enum shell shell,
			   const struct option_spec *table)
{
	const char *dashes = shell == SHELL_FISH ? " -l " : "--";

	for (; table->name; table++) {
		char spelling[64];

		snprintf(spelling, sizeof(spelling), "%s%s", dashes, table->name);
		ck_assert_msg(strstr(script, spelling), "%s is missing", spelling);
	}
}

START_TEST(completion_knows_every_command_and_option)
{
	struct buf script = { 0 };

	completion_text((enum shell)_i, "tare", &script);
	expect_options(script.text, (enum shell)_i, global_options);
	for (const struct command *const *command = commands; *command; command++) {
		if ((*command)->is_hidden)
			continue;
		expect_options(script.text, (enum shell)_i, (*command)->options);
		ck_assert_ptr_nonnull(strstr(script.text, (*command)->name));
	}
	ck_assert_ptr_null(strstr(script.text, "plan"));
	buf_release(&script);
}
END_TEST

START_TEST(no_letter_or_name_is_used_twice_in_a_table)
{
	for (const struct command *const *command = commands; *command; command++)
		for (const struct option_spec *a = (*command)->options; a->name; a++)
			for (const struct option_spec *b = a + 1; b->name; b++) {
				ck_assert_str_ne(a->name, b->name);
				ck_assert(!*a->letters || !strpbrk(b->letters, a->letters));
			}
}
END_TEST

Suite *test_cli_command(void);
Suite *test_cli_command(void)
{
	Suite *suite = suite_create("cli/command");
	TCase *calls = tcase_create("calls");
	TCase *texts = tcase_create("texts");

	tcase_add_test(calls, a_command_answers_its_own_status);
	tcase_add_test(calls, too_few_or_too_many_arguments_are_counted_in_runcs_words);
	tcase_add_test(calls, help_is_no_failure_and_needs_no_arguments);
	tcase_add_test(calls, names_are_found_and_unknown_ones_are_not);
	tcase_add_test(texts, the_first_lines_of_help_are_runcs);
	tcase_add_test(texts, one_line_of_the_version_says_version);
	tcase_add_test(texts, help_texts_need_no_quoting_in_scripts);
	tcase_add_loop_test(texts, completion_knows_every_command_and_option, SHELL_BASH,
			    SHELL_FISH + 1);
	tcase_add_test(texts, no_letter_or_name_is_used_twice_in_a_table);
	suite_add_tcase(suite, calls);
	suite_add_tcase(suite, texts);
	return suite;
}
