/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_pty - terminals of the container's side and of ours. */
#include "kernel/pty.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/terminal.h"

/* False where the machine's devpts does not let us open its own ptmx (ptmxmode=000). */
static bool open_terminal(struct pty *ret_pty)
{
	_cleanup_close_ int devpts = open("/dev/pts", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (devpts >= 0 && pty_open(devpts, ret_pty) == 0)
		return true;
	err_clear();
	return false;
}

START_TEST(what_is_written_to_the_slave_comes_out_of_the_master)
{
	char name[64], text[16] = "";
	struct pty pty;

	if (!open_terminal(&pty))
		return;
	ck_assert(isatty(pty.slave));
	ck_assert_int_ne(fcntl(pty.master, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_ne(fcntl(pty.slave, F_GETFD) & FD_CLOEXEC, 0);
	snprintf(name, sizeof(name), "/dev/pts/%u", pty.number);
	ck_assert_str_eq(ttyname(pty.slave), name);
	ck_assert_int_eq(terminal_leave_newlines(pty.master), 0);
	ck_assert_int_eq(write(pty.slave, "hello\n", 6), 6);
	ck_assert_int_eq(read(pty.master, text, sizeof(text)), 6);
	ck_assert_str_eq(text, "hello\n");
	fd_close(pty.master);
	fd_close(pty.slave);
}
END_TEST

START_TEST(a_size_of_zero_is_left_as_it_is)
{
	struct winsize size;
	struct pty pty, other;

	if (!open_terminal(&pty) || !open_terminal(&other))
		return;
	ck_assert_int_eq(pty_set_size(pty.master, 25, 80), 0);
	ck_assert_int_eq(pty_set_size(pty.master, 0, 132), 0);
	ck_assert_int_eq(pty_set_size(pty.master, 0, 0), 0);
	ck_assert_int_eq(terminal_copy_size(pty.slave, other.master), 0);
	ck_assert_int_eq(ioctl(other.slave, TIOCGWINSZ, &size), 0);
	ck_assert_uint_eq(size.ws_row, 25);
	ck_assert_uint_eq(size.ws_col, 132);
}
END_TEST

START_TEST(a_raw_terminal_is_put_back)
{
	struct terminal terminal;
	struct termios before, raw, after;
	struct pty pty;

	if (!open_terminal(&pty))
		return;
	ck_assert_int_eq(tcgetattr(pty.slave, &before), 0);
	ck_assert_int_eq(terminal_make_raw(pty.slave, &terminal), 0);
	ck_assert_int_eq(tcgetattr(pty.slave, &raw), 0);
	ck_assert_uint_eq(raw.c_lflag & (ECHO | ICANON | ISIG), 0);
	ck_assert_uint_ne(raw.c_oflag & OPOST, 0);
	terminal_restore(&terminal);
	terminal_restore(&terminal);
	ck_assert_int_eq(tcgetattr(pty.slave, &after), 0);
	ck_assert_uint_eq(after.c_lflag, before.c_lflag);
	ck_assert_uint_eq(after.c_iflag, before.c_iflag);
}
END_TEST

START_TEST(what_only_looks_like_devpts_is_refused)
{
	char directory[] = "/tmp/tare-test-XXXXXX", path[64];
	struct pty pty;
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/ptmx", directory);
	fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(pty_open(fd, &pty), -ENOENT);
	err_clear();
	fd_close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	ck_assert_int_eq(pty_open(fd, &pty), -EINVAL);
	ck_assert_ptr_nonnull(strstr(err_last()->text, "not on a devpts"));
	err_clear();
	unlink(path);
	ck_assert_int_eq(symlink("/dev/ptmx", path), 0);
	ck_assert_int_eq(pty_open(fd, &pty), -ELOOP);
	err_clear();
	unlink(path);
	rmdir(directory);
	fd_close(fd);
}
END_TEST

START_TEST(what_is_no_terminal_is_an_error)
{
	struct terminal terminal = { .fd = NO_FD };
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	ck_assert_int_eq(terminal_make_raw(fd, &terminal), -ENOTTY);
	err_clear();
	ck_assert_int_eq(terminal.fd, NO_FD);
	ck_assert_int_eq(pty_set_size(fd, 1, 1), -ENOTTY);
	err_clear();
	ck_assert_int_eq(pty_control(fd), -ENOTTY);
	err_clear();
	fd_close(fd);
}
END_TEST

Suite *test_kernel_pty(void);
Suite *test_kernel_pty(void)
{
	Suite *suite = suite_create("kernel/pty");
	TCase *tests = tcase_create("pty");

	tcase_add_test(tests, what_is_written_to_the_slave_comes_out_of_the_master);
	tcase_add_test(tests, a_size_of_zero_is_left_as_it_is);
	tcase_add_test(tests, a_raw_terminal_is_put_back);
	tcase_add_test(tests, what_only_looks_like_devpts_is_refused);
	tcase_add_test(tests, what_is_no_terminal_is_an_error);
	suite_add_tcase(suite, tests);
	return suite;
}
