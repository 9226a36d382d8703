/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_descriptor - what a descriptor is called. */
#include "kernel/descriptor.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

static char name[DESCRIPTOR_NAME_SIZE];

static const char *pipe_name(int fd)
{
	memset(name, 'x', sizeof(name));
	descriptor_pipe(fd, name);
	return name;
}

START_TEST(a_pipe_is_called_what_proc_calls_it)
{
	char known[DESCRIPTOR_NAME_SIZE];
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	for (int i = 0; i < 2; i++) {
		descriptor_name(0, ends[i], known);
		ck_assert_int_eq(strncmp(known, "pipe:[", 6), 0);
		ck_assert_str_eq(pipe_name(ends[i]), known);
		close(ends[i]);
	}
}
END_TEST

START_TEST(what_is_no_pipe_has_no_such_name)
{
	_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	_cleanup_close_ int socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_str_eq(pipe_name(null), "");
	ck_assert_str_eq(pipe_name(socket_fd), "");
	ck_assert_str_eq(pipe_name(NO_FD), "");
}
END_TEST

START_TEST(a_fifo_that_has_a_path_is_no_pipe)
{
	char directory[] = "/tmp/tare-unit.XXXXXX", path[64];
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/fifo", directory);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	ck_assert_str_eq(pipe_name(fd), "");
	descriptor_name(0, fd, name);
	ck_assert_str_eq(name, path);
	fd_close(fd);
	unlink(path);
	rmdir(directory);
}
END_TEST

Suite *test_kernel_descriptor(void);
Suite *test_kernel_descriptor(void)
{
	Suite *suite = suite_create("kernel/descriptor");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_pipe_is_called_what_proc_calls_it);
	tcase_add_test(all, what_is_no_pipe_has_no_such_name);
	tcase_add_test(all, a_fifo_that_has_a_path_is_no_pipe);
	suite_add_tcase(suite, all);
	return suite;
}
