/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_option - every way to write an option. */
#include <check.h>
#include <stdlib.h>

#include "base/err.h"
#include "cli/option.h"

enum color { RED, GREEN };

struct values {
	bool is_loud, is_short;
	const char *bundle;
	struct option_texts env;
	unsigned count;
	enum color color;
};

/* clang-format off */
static const struct word colors[] = { { "red", RED }, { "green", GREEN }, { 0 } };

#define T values
static const struct option_spec table[] = {
	FLAG  ("l",  "loud",      is_loud,  "-"),
	FLAG  ("sS", "no-subreaper", is_short, "-"),
	TEXT  ("b",  "bundle",    bundle,   "DIR", "-"),
	TEXTS ("e",  "env",       env,      "NAME=VALUE", "-"),
	NUMBER("n",  "count",     count,    "N", 10, "-"),
	WORD  ("c",  "color",     color,    enum color, colors, "-"),
	{ 0 },
};
#undef T
/* clang-format on */

/* What stands around the command, as global options do. */
struct outer_values {
	const char *bundle, *root;
};

#define T outer_values
static const struct option_spec outer_table[] = {
	/* clang-format off */
	TEXT("b", "bundle", bundle, "DIR", "-"),
	TEXT("r", "root",   root,   "DIR", "-"),
	{ 0 },
	/* clang-format on */
};
#undef T

static struct values values;
static struct outer_values outer_values;
static const struct option_set outer = { outer_table, &outer_values, NULL };
static const struct option_set set = { table, &values, &outer };
static struct option_rest rest;

static int parse_as(bool stops, const char *const *arguments)
{
	values = (struct values){ 0 };
	outer_values = (struct outer_values){ 0 };
	return option_parse(&set, stops, arguments, &rest);
}

#define parse(...) parse_as(false, (const char *const[]){ __VA_ARGS__, NULL })

static void release(void)
{
	option_release(&set, &rest);
	err_clear();
}

static void expect_error(const char *expected)
{
	char text[ERR_TEXT_MAX];

	err_text(err_last(), text, sizeof(text));
	ck_assert_str_eq(text, expected);
	release();
}

START_TEST(a_value_is_written_in_all_of_gos_and_getopts_ways)
{
	static const char *const ways[][3] = {
		{ "--bundle", "/b" }, { "--bundle=/b" }, { "-bundle", "/b" },
		{ "-bundle=/b" },     { "-b", "/b" },    { "-b=/b" },
		{ "-b/b" },           { "--b", "/b" },   { "--b=/b" },
	};

	ck_assert_int_eq(parse_as(false, ways[_i]), 0);
	ck_assert_str_eq(values.bundle, "/b");
	ck_assert_uint_eq(rest.count, 0);
	release();
}
END_TEST

START_TEST(what_a_table_has_not_is_the_outer_ones)
{
	ck_assert_int_eq(parse("-b", "/b", "--root=/r", "one", "-l", "-r", "/s"), 0);
	ck_assert_str_eq(values.bundle, "/b");
	ck_assert_ptr_null(outer_values.bundle);
	ck_assert_str_eq(outer_values.root, "/s");
	ck_assert(values.is_loud);
	ck_assert_uint_eq(rest.count, 1);
	release();
}
END_TEST

START_TEST(a_flag_may_say_true_or_false)
{
	static const struct {
		const char *argument;
		bool is_loud;
	} ways[] = {
		{ "--loud", true },        { "-loud", true },     { "-l", true },
		{ "--loud=true", true },   { "--loud=1", true },  { "-l=T", true },
		{ "--loud=false", false }, { "--loud=0", false }, { "-l=False", false },
	};

	ck_assert_int_eq(parse("-l", ways[_i].argument), 0);
	ck_assert(values.is_loud == ways[_i].is_loud);
	release();
}
END_TEST

START_TEST(a_flag_does_not_eat_the_next_argument)
{
	ck_assert_int_eq(parse("--loud", "false"), 0);
	ck_assert(values.is_loud);
	ck_assert_str_eq(rest.arguments[0], "false");
	release();
}
END_TEST

START_TEST(flags_share_one_dash_and_the_last_may_take_a_value)
{
	ck_assert_int_eq(parse("-lSbx", "-lb", "/b"), 0);
	ck_assert(values.is_loud && values.is_short);
	ck_assert_str_eq(values.bundle, "/b");
	release();
}
END_TEST

START_TEST(a_long_name_behind_one_dash_comes_before_letters)
{
	ck_assert_int_eq(parse("-no-subreaper"), 0);
	ck_assert(values.is_short && values.count == 0);
	release();
}
END_TEST

START_TEST(options_may_follow_arguments)
{
	ck_assert_int_eq(parse("id", "--bundle", "/b", "more", "-l"), 0);
	ck_assert_uint_eq(rest.count, 2);
	ck_assert_str_eq(rest.arguments[0], "id");
	ck_assert_str_eq(rest.arguments[1], "more");
	ck_assert_ptr_null(rest.arguments[2]);
	ck_assert(values.is_loud);
	release();
}
END_TEST

START_TEST(the_first_argument_ends_options_where_it_should)
{
	static const char *const words[] = { "-l", "id", "-l", "--", "--bundle", NULL };

	ck_assert_int_eq(parse_as(true, words), 0);
	ck_assert_uint_eq(rest.count, 4);
	ck_assert_str_eq(rest.arguments[2], "--");
	ck_assert_ptr_null(values.bundle);
	release();
}
END_TEST

START_TEST(two_dashes_end_options)
{
	ck_assert_int_eq(parse("-l", "--", "--bundle", "--", "-"), 0);
	ck_assert_uint_eq(rest.count, 3);
	ck_assert_str_eq(rest.arguments[0], "--bundle");
	ck_assert_str_eq(rest.arguments[1], "--");
	ck_assert_str_eq(rest.arguments[2], "-");
	release();
}
END_TEST

START_TEST(a_lone_dash_is_an_argument)
{
	ck_assert_int_eq(parse("-", "--bundle", "-"), 0);
	ck_assert_str_eq(rest.arguments[0], "-");
	ck_assert_str_eq(values.bundle, "-");
	release();
}
END_TEST

START_TEST(a_value_may_look_like_an_option_or_be_empty)
{
	ck_assert_int_eq(parse("--bundle", "--loud", "--env="), 0);
	ck_assert_str_eq(values.bundle, "--loud");
	ck_assert_str_eq(values.env.items[0], "");
	ck_assert(!values.is_loud);
	release();
}
END_TEST

START_TEST(a_list_grows_and_a_comma_does_not_split_it)
{
	ck_assert_int_eq(parse("-e", "A=1,2", "--env=B=3", "-eC"), 0);
	ck_assert_uint_eq(values.env.count, 3);
	ck_assert_str_eq(values.env.items[0], "A=1,2");
	ck_assert_str_eq(values.env.items[1], "B=3");
	ck_assert_str_eq(values.env.items[2], "C");
	release();
}
END_TEST

START_TEST(of_two_values_the_last_counts)
{
	ck_assert_int_eq(parse("-ba", "-bb", "-n1", "-n2"), 0);
	ck_assert_str_eq(values.bundle, "b");
	ck_assert_uint_eq(values.count, 2);
	release();
}
END_TEST

START_TEST(a_word_stands_for_its_number)
{
	ck_assert_int_eq(parse("--color=green"), 0);
	ck_assert_int_eq(values.color, GREEN);
	release();
}
END_TEST

START_TEST(help_is_in_every_table)
{
	static const char *const ways[] = { "--help", "-help", "-h", "--h", "-lh", "-hl" };

	ck_assert_int_eq(parse(ways[_i], "--undefined"), 0);
	ck_assert(rest.wants_help);
	release();
}
END_TEST

START_TEST(what_is_wrong_is_said_in_gos_words)
{
	static const struct {
		const char *arguments[3];
		const char *text;
	} cases[] = {
		{ { "--foo" }, "flag provided but not defined: -foo" },
		{ { "--foo=bar" }, "flag provided but not defined: -foo" },
		{ { "-foo" }, "flag provided but not defined: -foo" },
		{ { "-lx" }, "flag provided but not defined: -lx" },
		{ { "---loud" }, "flag provided but not defined: --loud" },
		{ { "--=x" }, "flag provided but not defined: -" },
		{ { "-=x" }, "flag provided but not defined: -" },
		{ { "id", "--bundle" }, "flag needs an argument: -bundle" },
		{ { "-b" }, "flag needs an argument: -bundle" },
		{ { "--loud=maybe" },
		  "invalid boolean value \"maybe\" for -loud: parse error" },
		{ { "--count=11" },
		  "invalid value \"11\" for flag -count: value out of range" },
		{ { "--count=-1" }, "invalid value \"-1\" for flag -count: parse error" },
		{ { "--count=" }, "invalid value \"\" for flag -count: parse error" },
		{ { "--count", "0x3" }, "invalid value \"0x3\" for flag -count: parse error" },
		{ { "--color", "blue" }, "invalid color: blue (must be red|green)" },
	};

	ck_assert_int_lt(parse_as(false, cases[_i].arguments), 0);
	expect_error(cases[_i].text);
}
END_TEST

Suite *test_cli_option(void);
Suite *test_cli_option(void)
{
	Suite *suite = suite_create("cli/option");
	TCase *spellings = tcase_create("spellings");

	tcase_add_loop_test(spellings, a_value_is_written_in_all_of_gos_and_getopts_ways, 0, 9);
	tcase_add_test(spellings, what_a_table_has_not_is_the_outer_ones);
	tcase_add_loop_test(spellings, a_flag_may_say_true_or_false, 0, 9);
	tcase_add_test(spellings, a_flag_does_not_eat_the_next_argument);
	tcase_add_test(spellings, flags_share_one_dash_and_the_last_may_take_a_value);
	tcase_add_test(spellings, a_long_name_behind_one_dash_comes_before_letters);
	tcase_add_test(spellings, options_may_follow_arguments);
	tcase_add_test(spellings, the_first_argument_ends_options_where_it_should);
	tcase_add_test(spellings, two_dashes_end_options);
	tcase_add_test(spellings, a_lone_dash_is_an_argument);
	tcase_add_test(spellings, a_value_may_look_like_an_option_or_be_empty);
	tcase_add_test(spellings, a_list_grows_and_a_comma_does_not_split_it);
	tcase_add_test(spellings, of_two_values_the_last_counts);
	tcase_add_test(spellings, a_word_stands_for_its_number);
	tcase_add_loop_test(spellings, help_is_in_every_table, 0, 6);
	tcase_add_loop_test(spellings, what_is_wrong_is_said_in_gos_words, 0, 15);
	suite_add_tcase(suite, spellings);
	return suite;
}
