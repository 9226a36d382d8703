/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_descriptor - what a descriptor is called. */
#include "kernel/descriptor.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

static char name[DESCRIPTOR_NAME_SIZE];

static const char *name_of(int fd)
{
	memset(name, 'x', sizeof(name));
	descriptor_name(fd, name);
	return name;
}

static int mount_of(int fd)
{
	char path[64], line[128];
	int mount = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "mnt_id: %d", &mount) == 1)
			break;
	(void)fclose(file);
	ck_assert_int_gt(mount, 0);
	return mount;
}

/* As criu(8) has it for --external file. */
static void is_file(int fd, const char *mark)
{
	char known[DESCRIPTOR_NAME_SIZE];
	struct stat about;

	ck_assert_int_eq(fstat(fd, &about), 0);
	snprintf(known, sizeof(known), "%sfile[%x:%lx]", mark, (unsigned)mount_of(fd),
		 (unsigned long)about.st_ino);
	ck_assert_str_eq(name_of(fd), known);
}

START_TEST(a_pipe_is_called_what_proc_calls_it)
{
	char path[64], known[DESCRIPTOR_NAME_SIZE];
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	for (int i = 0; i < 2; i++) {
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[i]);
		length = readlink(path, known, sizeof(known) - 1);
		ck_assert_int_gt(length, 0);
		known[length] = '\0';
		ck_assert_str_eq(name_of(ends[i]), known);
		close(ends[i]);
	}
}
END_TEST

START_TEST(a_file_is_called_by_its_mount_and_inode)
{
	_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	_cleanup_close_ int zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
	_cleanup_close_ int root = open("/", O_PATH | O_CLOEXEC);

	is_file(null, "null:");
	is_file(zero, "");
	is_file(root, "");
}
END_TEST

START_TEST(what_criu_has_ways_of_its_own_for_has_no_name)
{
	_cleanup_close_ int socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	_cleanup_close_ int event = eventfd(0, EFD_CLOEXEC);
	_cleanup_close_ int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	ck_assert_int_ge(terminal, 0);
	ck_assert_str_eq(name_of(socket_fd), "");
	ck_assert_str_eq(name_of(event), "");
	ck_assert_str_eq(name_of(terminal), "");
	ck_assert_str_eq(name_of(NO_FD), "");
}
END_TEST

START_TEST(a_fifo_that_has_a_path_is_a_file)
{
	char directory[] = "/tmp/tare-unit.XXXXXX", path[64];
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/fifo", directory);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_CLOEXEC);
	is_file(fd, "");
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
	tcase_add_test(all, a_file_is_called_by_its_mount_and_inode);
	tcase_add_test(all, what_criu_has_ways_of_its_own_for_has_no_name);
	tcase_add_test(all, a_fifo_that_has_a_path_is_a_file);
	suite_add_tcase(suite, all);
	return suite;
}
