/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_signals - the numbers of signals by name. */
#include "base/signals.h"

#include <check.h>
#include <stdio.h>

#include "base/err.h"

START_TEST(names_and_numbers_are_signals)
{
	static const struct {
		const char *text;
		int number;
	} cases[] = {
		{ "TERM", 15 },       { "SIGTERM", 15 },  { "term", 15 },
		{ "SigKill", 9 },     { "15", 15 },       { "0", 0 },
		{ "64", 64 },         { "33", 33 },       { "SIGRTMIN", 34 },
		{ "SIGRTMIN+3", 37 }, { "RTMAX-1", 63 },  { "rtmax", 64 },
		{ "RTMIN+30", 64 },   { "RTMAX-30", 34 }, { "SIGRTMIN+0", 34 },
		{ "IOT", 6 },         { "CLD", 17 },      { "POLL", 29 },
	};

	ck_assert_int_eq(signal_parse(cases[_i].text), cases[_i].number);
}
END_TEST

START_TEST(every_number_up_to_64_is_a_signal)
{
	char text[8];

	snprintf(text, sizeof(text), "%d", _i);
	ck_assert_int_eq(signal_parse(text), _i);
}
END_TEST

START_TEST(what_is_no_signal_is_named)
{
	static const char *const cases[] = {
		"",         "FOO",    "SIG",      "SIGSIGTERM", "65",
		"-9",       "+9",     "9 ",       "SIGRTMIN-1", "RTMAX+1",
		"RTMIN+31", "RTMIN+", "RTMIN+-1", "RTMINX",     "99999999999999999999",
	};
	char text[ERR_TEXT_MAX];
	char expected[64];

	ck_assert_int_lt(signal_parse(cases[_i]), 0);
	err_text(err_last(), text, sizeof(text));
	snprintf(expected, sizeof(expected), "unknown signal \"%s\"", cases[_i]);
	ck_assert_str_eq(text, expected);
	err_clear();
}
END_TEST

Suite *test_base_signals(void);
Suite *test_base_signals(void)
{
	Suite *suite = suite_create("kernel/signals");
	TCase *names = tcase_create("names");

	tcase_add_loop_test(names, names_and_numbers_are_signals, 0, 18);
	tcase_add_loop_test(names, every_number_up_to_64_is_a_signal, 0, SIGNAL_MAX + 1);
	tcase_add_loop_test(names, what_is_no_signal_is_named, 0, 15);
	suite_add_tcase(suite, names);
	return suite;
}
