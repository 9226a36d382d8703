/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_resctrl - the schemata of a group that is there, with a directory for a group. */
#include "resctrl/resctrl.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "tests/unit/scratch.h"

static char directory[64];
static struct resctrl resctrl;
static const char *lines[] = { "L3:0=f" };
static const struct resctrl_plan plan = { .lines = lines, .line_count = 1 };

static void setup(void)
{
	make_scratch(directory);
	resctrl = (struct resctrl){ 0 };
	snprintf(resctrl.group, sizeof(resctrl.group), "%s", directory);
	snprintf(resctrl.mount, sizeof(resctrl.mount), "%s", directory);
	err_clear();
}

static void write_schemata(const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/schemata", directory);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void read_schemata(char *text, size_t size)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/schemata", directory);
	ck_assert_int_ge(fd_read_file(AT_FDCWD, path, text, size), 0);
}

static void teardown(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/schemata", directory);
	unlink(path);
	rmdir(directory);
}

START_TEST(what_was_there_comes_back)
{
	_cleanup_free_ char *before = NULL;
	char text[128];

	write_schemata("    L3:0=fff\n");
	ck_assert_int_eq(resctrl_change(&plan, &resctrl, &before), 0);
	read_schemata(text, sizeof(text));
	ck_assert_str_ne(text, before);
	ck_assert_str_eq(before, "    L3:0=fff");
	ck_assert_int_eq(resctrl_restore(&resctrl, before), 0);
	read_schemata(text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "    L3:0=fff"));
}
END_TEST

START_TEST(a_group_that_is_gone_is_named)
{
	_cleanup_free_ char *before = NULL;

	ck_assert_int_lt(resctrl_change(&plan, &resctrl, &before), 0);
	ck_assert_ptr_null(before);
	ck_assert_ptr_nonnull(strstr(err_last()->text, directory));
}
END_TEST

Suite *test_resctrl_resctrl(void);
Suite *test_resctrl_resctrl(void)
{
	Suite *suite = suite_create("resctrl/resctrl");
	TCase *cases = tcase_create("all");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_add_test(cases, what_was_there_comes_back);
	tcase_add_test(cases, a_group_that_is_gone_is_named);
	suite_add_tcase(suite, cases);
	return suite;
}
