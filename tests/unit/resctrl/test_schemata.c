/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_schemata - what counts as the same schema, and as one at all. */
#include "resctrl/schemata.h"

#include <check.h>

static const char file[] = "    MB:0=100;1= 50\n    L3:0=00ff;1=fffff\nL3CODE:0=f\n";

START_TEST(what_is_in_the_file_is_found_however_it_is_written)
{
	ck_assert(schemata_has(file, "L3:0=ff;1=fffff"));
	ck_assert(schemata_has(file, "L3:1=FFFFF;0=0ff"));
	ck_assert(schemata_has(file, " L3: 0 = ff"));
	ck_assert(schemata_has(file, "MB:1=50;"));
	ck_assert(schemata_has(file, "L3CODE:0=f"));
}
END_TEST

START_TEST(another_value_domain_or_resource_is_not_found)
{
	ck_assert(!schemata_has(file, "L3:0=fe"));
	ck_assert(!schemata_has(file, "L3:0=ff;1=ffff"));
	ck_assert(!schemata_has(file, "L3:2=ff"));
	ck_assert(!schemata_has(file, "L2:0=ff"));
	ck_assert(!schemata_has(file, "L3COD:0=f"));
	ck_assert(!schemata_has(file, "MB:0=10"));
	ck_assert(!schemata_has("", "L3:0=ff"));
}
END_TEST

START_TEST(what_is_no_schema_is_in_no_file)
{
	ck_assert(!schemata_has(file, "L3"));
	ck_assert(!schemata_has(file, "L3:0"));
	ck_assert(!schemata_has(file, "L3:0=ff;1"));
	ck_assert(!schemata_has(file, ""));
}
END_TEST

START_TEST(a_line_has_a_name_and_parts)
{
	ck_assert(schemata_is_line("L3:0=ff"));
	ck_assert(schemata_is_line("L3DATA:0=ff;1=f0;"));
	ck_assert(schemata_is_line("MB:0=2000MBps"));
	ck_assert(!schemata_is_line(""));
	ck_assert(!schemata_is_line("L3"));
	ck_assert(!schemata_is_line("L3:"));
	ck_assert(!schemata_is_line(":0=ff"));
	ck_assert(!schemata_is_line("L3:0"));
	ck_assert(!schemata_is_line("L3:=ff"));
	ck_assert(!schemata_is_line("L3:0="));
	ck_assert(!schemata_is_line("L3:0=ff;;1=f"));
	ck_assert(!schemata_is_line("L3:0=ff\nMB:0=50"));
}
END_TEST

Suite *test_resctrl_schemata(void);
Suite *test_resctrl_schemata(void)
{
	Suite *suite = suite_create("resctrl/schemata");
	TCase *tests = tcase_create("");

	tcase_add_test(tests, what_is_in_the_file_is_found_however_it_is_written);
	tcase_add_test(tests, another_value_domain_or_resource_is_not_found);
	tcase_add_test(tests, what_is_no_schema_is_in_no_file);
	tcase_add_test(tests, a_line_has_a_name_and_parts);
	suite_add_tcase(suite, tests);
	return suite;
}
