/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_unitobject - cgroup/unitobject.c */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "cgroup/unit.h"

#define UNITS "/org/freedesktop/systemd1/unit/"

static void check_object(const char *name, const char *expected)
{
	char path[UNIT_OBJECT_MAX];

	ck_assert_int_eq(unit_object(name, path), 0);
	ck_assert_str_eq(path, expected);
}

START_TEST(what_is_neither_letter_nor_digit_is_its_number)
{
	check_object("tare-c1.scope", UNITS "tare_2dc1_2escope");
	check_object("a_b@c", UNITS "a_5fb_40c");
	check_object("\xc3\xbc", UNITS "_c3_bc");
}
END_TEST

START_TEST(a_digit_in_front_is_its_number_too)
{
	check_object("1a1", UNITS "_31a1");
}
END_TEST

START_TEST(a_name_that_does_not_fit_is_refused_and_nothing_written)
{
	char path[UNIT_OBJECT_MAX] = "before", name[UNIT_OBJECT_MAX];

	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	ck_assert_int_eq(unit_object(name, path), -ENAMETOOLONG);
	ck_assert_str_eq(path, "before");
	name[sizeof(path) - sizeof(UNITS) - 2] = '\0';
	ck_assert_int_eq(unit_object(name, path), 0);
	ck_assert_uint_lt(strlen(path), sizeof(path));
}
END_TEST

Suite *test_cgroup_unitobject(void);
Suite *test_cgroup_unitobject(void)
{
	Suite *suite = suite_create("cgroup/unitobject");
	TCase *tests = tcase_create("names");

	tcase_add_test(tests, what_is_neither_letter_nor_digit_is_its_number);
	tcase_add_test(tests, a_digit_in_front_is_its_number_too);
	tcase_add_test(tests, a_name_that_does_not_fit_is_refused_and_nothing_written);
	suite_add_tcase(suite, tests);
	return suite;
}
