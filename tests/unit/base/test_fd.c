/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_fd - descriptors, and paths that try to leave their root. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/err.h"
#include "base/fd.h"
#include "tests/unit/scratch.h"

Suite *test_base_fd(void);

static char directory[64];
static int root;

static void set_up(void)
{
	make_scratch(directory);
	root = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(root, 0);
	ck_assert_int_eq(mkdirat(root, "etc", 0755), 0);
}

static void tear_down(void)
{
	static const char *const names[] = { "file", "up", "absolute", "proc" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlinkat(root, names[i], 0);
	unlinkat(root, "etc", AT_REMOVEDIR);
	close(root);
	rmdir(directory);
}

START_TEST(a_symlink_stays_inside_of_the_root)
{
	int fd;

	ck_assert_int_eq(symlinkat("/etc", root, "absolute"), 0);
	fd = fd_open_in(root, "/absolute", O_PATH);
	ck_assert_int_ge(fd, 0);
	ck_assert(fd_is_directory(fd));
	fd_close(fd);
	ck_assert_int_eq(fd_open_in(root, "/absolute/passwd", O_PATH), -ENOENT);
	err_clear();
}
END_TEST

START_TEST(dots_stay_inside_of_the_root)
{
	ck_assert_int_eq(symlinkat("../../../../../../etc/passwd", root, "up"), 0);
	ck_assert_int_eq(fd_open_in(root, "up", O_PATH), -ENOENT);
	err_clear();
	ck_assert_int_eq(fd_open_in(root, "/../../../tmp", O_PATH), -ENOENT);
	err_clear();
}
END_TEST

START_TEST(magic_links_are_not_followed)
{
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);

	ck_assert_int_eq(fd_open_in(proc, "/self/exe", O_RDONLY), -ELOOP);
	err_clear();
	close(proc);
}
END_TEST

START_TEST(reading_is_bounded)
{
	int fd = openat(root, "file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char text[8];

	ck_assert_int_eq(fd_write_all(fd, "1234567\n", 8), 0);
	ck_assert_int_eq(fd_read_file(root, "file", text, 8), -EFBIG);
	err_clear();
	ck_assert_int_eq(ftruncate(fd, 3), 0);
	ck_assert_int_eq(fd_read_file(root, "file", text, 8), 3);
	ck_assert_str_eq(text, "123");
	close(fd);
}
END_TEST

START_TEST(a_record_is_what_one_read_gives)
{
	int fd = openat(root, "file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char text[8];

	ck_assert_int_eq(fd_write_all(fd, "1234567\n", 8), 0);
	ck_assert_int_eq(fd_read_record(root, "file", text, 8), -EFBIG);
	err_clear();
	ck_assert_int_eq(ftruncate(fd, 7), 0);
	ck_assert_int_eq(fd_read_record(root, "file", text, 8), 7);
	ck_assert_str_eq(text, "1234567");
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(fd_read_record(root, "file", text, 8), 0);
	ck_assert_str_eq(text, "");
	ck_assert_int_eq(fd_read_record(root, "none", text, 8), -ENOENT);
	err_clear();
	close(fd);
}
END_TEST

START_TEST(a_file_is_read_as_large_as_it_was_said_to_be)
{
	int fd = openat(root, "file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	char bytes[8] = "";

	ck_assert_int_eq(fd_read_sized(fd, bytes, 0), 0);
	ck_assert_int_eq(fd_write_all(fd, "12345", 5), 0);
	for (size_t size = 0; size < 8; size++) {
		lseek(fd, 0, SEEK_SET);
		ck_assert_int_eq(fd_read_sized(fd, bytes, size), size < 5 ? -EFBIG : 5);
	}
	ck_assert_int_eq(memcmp(bytes, "12345", 6), 0);
	close(fd);
}
END_TEST

START_TEST(what_comes_in_parts_is_read_to_its_size)
{
	char bytes[8] = "";
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_DIRECT | O_CLOEXEC), 0); /* a write, a read */
	ck_assert_int_eq(fd_write_all(ends[1], "12", 2), 0);
	ck_assert_int_eq(fd_write_all(ends[1], "345", 3), 0);
	ck_assert_int_eq(fd_write_all(ends[1], "6", 1), 0);
	ck_assert_int_eq(fd_read_sized(ends[0], bytes, 5), 5);
	ck_assert_str_eq(bytes, "12345");
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(a_control_file_must_exist)
{
	ck_assert_int_eq(fd_write_file(root, "file", "1"), -ENOENT);
	err_clear();
	ck_assert_int_eq(faccessat(root, "file", F_OK, 0), -1);
}
END_TEST

START_TEST(a_taken_descriptor_is_not_closed_twice)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int taken = fd_take(&fd);

	ck_assert_int_eq(fd, NO_FD);
	fd_close(fd);
	ck_assert_int_ge(fcntl(taken, F_GETFD), 0);
	fd_close(taken);
	ck_assert_int_eq(fcntl(taken, F_GETFD), -1);
}
END_TEST

START_TEST(a_helper_program_says_why_it_failed)
{
	char *good[] = { (char *)"/bin/true", NULL };
	char *bad[] = { (char *)"/bin/sh", (char *)"-c", (char *)"echo because >&2; exit 3",
			NULL };
	char *slow[] = { (char *)"/bin/sleep", (char *)"100", NULL };

	ck_assert_int_eq(child_run(good, 5000), 0);
	ck_assert_int_eq(child_run(bad, 5000), -EINVAL);
	ck_assert_str_eq(err_last()->text, "/bin/sh: because");
	err_clear();
	ck_assert_int_eq(child_run(slow, 50), -ETIMEDOUT);
	err_clear();
}
END_TEST

Suite *test_base_fd(void)
{
	Suite *suite = suite_create("base/fd");
	TCase *tests = tcase_create("fd");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_symlink_stays_inside_of_the_root);
	tcase_add_test(tests, dots_stay_inside_of_the_root);
	tcase_add_test(tests, magic_links_are_not_followed);
	tcase_add_test(tests, reading_is_bounded);
	tcase_add_test(tests, a_record_is_what_one_read_gives);
	tcase_add_test(tests, a_file_is_read_as_large_as_it_was_said_to_be);
	tcase_add_test(tests, what_comes_in_parts_is_read_to_its_size);
	tcase_add_test(tests, a_control_file_must_exist);
	tcase_add_test(tests, a_taken_descriptor_is_not_closed_twice);
	tcase_add_test(tests, a_helper_program_says_why_it_failed);
	suite_add_tcase(suite, tests);
	return suite;
}
