/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_mountinfo - lines of /proc/self/mountinfo. */
#include <check.h>
#include <errno.h>

#include "base/err.h"
#include "kernel/mountinfo.h"

Suite *test_kernel_mountinfo(void);

static const char line[] =
	"30 23 0:26 / /sys/fs/a\\040b\\134 rw,nosuid shared:9 - cgroup2 none rw\n";

START_TEST(the_mount_point_is_unescaped)
{
	char path[64];

	ck_assert_int_eq(mountinfo_parse_line(line, "cgroup2", path, sizeof(path)), 1);
	ck_assert_str_eq(path, "/sys/fs/a b\\");
}
END_TEST

START_TEST(a_type_is_compared_whole)
{
	ck_assert_int_eq(mountinfo_parse_line(line, "cgroup", NULL, 0), 0);
	ck_assert_int_eq(mountinfo_parse_line(line, "cgroup22", NULL, 0), 0);
}
END_TEST

START_TEST(a_mount_is_found_by_its_id)
{
	char path[64];

	ck_assert_int_eq(mountinfo_parse_id(line, 30, path, sizeof(path)), 1);
	ck_assert_str_eq(path, "/sys/fs/a b\\");
	ck_assert_int_eq(mountinfo_parse_id(line, 3, path, sizeof(path)), 0);
	ck_assert_int_eq(mountinfo_parse_id(line, 23, path, sizeof(path)), 0);
	ck_assert_int_eq(mountinfo_parse_id("", 0, path, sizeof(path)), 0);
}
END_TEST

START_TEST(a_long_mount_point_is_refused_not_cut)
{
	char path[5];

	ck_assert_int_eq(mountinfo_parse_line(line, "cgroup2", path, sizeof(path)),
			 -ENAMETOOLONG);
	err_clear();
}
END_TEST

static const char *const broken[] = { "", "\n", " - cgroup2 ", "1 2 - cgroup2 x y",
				      "1 2 3 - cgroup2 none" };

START_TEST(broken_lines_are_nothing)
{
	char path[64];

	ck_assert_int_eq(mountinfo_parse_line(broken[_i], "cgroup2", path, sizeof(path)), 0);
}
END_TEST

START_TEST(proc_is_mounted_somewhere)
{
	char path[256];

	ck_assert_int_eq(mountinfo_find_type("proc", path, sizeof(path)), 1);
	ck_assert_int_eq(path[0], '/');
	ck_assert_int_eq(mountinfo_find_type("no-such-type", path, sizeof(path)), 0);
	ck_assert_str_eq(path, "");
}
END_TEST

Suite *test_kernel_mountinfo(void)
{
	Suite *suite = suite_create("kernel/mountinfo");
	TCase *tests = tcase_create("mountinfo");

	tcase_add_test(tests, the_mount_point_is_unescaped);
	tcase_add_test(tests, a_mount_is_found_by_its_id);
	tcase_add_test(tests, a_type_is_compared_whole);
	tcase_add_test(tests, a_long_mount_point_is_refused_not_cut);
	tcase_add_loop_test(tests, broken_lines_are_nothing, 0,
			    sizeof(broken) / sizeof(broken[0]));
	tcase_add_test(tests, proc_is_mounted_somewhere);
	suite_add_tcase(suite, tests);
	return suite;
}
