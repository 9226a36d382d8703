/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_cache - what was compiled is found again, and nothing else is. */
#include "seccomp/cache.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "probe.h"

static char place[] = "/tmp/tare-test-XXXXXX";
static int directory;

static void make_place(void)
{
	strcpy(place + strlen(place) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(place));
	directory = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* How many files there are; the last one's name goes to RET_NAME. */
static unsigned count_files(char ret_name[256])
{
	DIR *listing = opendir(place);
	unsigned count = 0;

	for (struct dirent *entry = readdir(listing); entry; entry = readdir(listing)) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(ret_name, 256, "%s", entry->d_name);
		count++;
	}
	closedir(listing);
	return count;
}

static void remove_place(void)
{
	char name[256];

	while (count_files(name) > 0)
		unlinkat(directory, name, 0);
	fd_close(directory);
	rmdir(place);
}

static uint32_t ask(uint32_t action)
{
	struct seccomp_profile profile = {
		.default_action = SCMP_ACT_ALLOW,
		RULES({ NAMES("getpid", "mount"), .action = action }),
	};
	_cleanup_program_ struct seccomp_program program = { 0 };

	ck_assert_int_eq(seccomp_compile_cached(directory, &profile, &program), 0);
	ck_assert_uint_eq(answer(&program, "read"), SCMP_ACT_ALLOW);
	return answer(&program, "mount");
}

/* Replace the last instruction of the only file by one that allows everything. */
static void tamper(bool with_check)
{
	static const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SCMP_ACT_ALLOW);
	char *code; /* wherever the key before it ends */
	char name[256], bytes[4096];
	uint32_t head[4];
	ssize_t size;
	int fd;

	ck_assert_uint_eq(count_files(name), 1);
	fd = openat(directory, name, O_RDWR | O_CLOEXEC);
	size = read(fd, bytes, sizeof(bytes));
	memcpy(head, bytes, sizeof(head));
	code = bytes + sizeof(head) + head[1];
	for (uint32_t i = 0; i < head[2]; i++)
		memcpy(code + i * sizeof(allow), &allow, sizeof(allow));
	if (with_check) {
		uint64_t value = 0xcbf29ce484222325, instruction;

		for (size_t i = 0; i < head[2]; i++) {
			memcpy(&instruction, code + i * sizeof(allow), sizeof(allow));
			value = (value ^ instruction) * 0x100000001b3;
			value ^= value >> 32;
		}
		value *= 0x100000001b3;
		head[3] = (uint32_t)(value ^ value >> 32);
		memcpy(bytes, head, sizeof(head));
	}
	ck_assert_int_eq(pwrite(fd, bytes, (size_t)size, 0), size);
	fd_close(fd);
}

START_TEST(the_second_time_comes_from_the_file)
{
	ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(5)), SCMP_ACT_ERRNO(5));
	ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(5)), SCMP_ACT_ERRNO(5));
	tamper(true);
	ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(5)), SCMP_ACT_ALLOW);
}
END_TEST

START_TEST(another_profile_is_not_mistaken_for_it)
{
	for (uint32_t code = 1; code < 200; code++)
		ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(code)), SCMP_ACT_ERRNO(code));
	for (uint32_t code = 1; code < 200; code++)
		ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(code)), SCMP_ACT_ERRNO(code));
}
END_TEST

START_TEST(the_cache_does_not_grow_without_end)
{
	char name[256];

	for (uint32_t code = 1; code < 300; code++)
		ask(SCMP_ACT_ERRNO(code));
	ck_assert_uint_le(count_files(name), 64);
	ck_assert_uint_ge(count_files(name), 32);
}
END_TEST

START_TEST(a_damaged_file_is_made_anew)
{
	char name[256];

	ask(SCMP_ACT_ERRNO(5));
	tamper(false);
	ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(5)), SCMP_ACT_ERRNO(5));
	ck_assert_uint_eq(count_files(name), 1);
	for (int size = 300; size >= 0; size -= 7) {
		int fd = openat(directory, name, O_WRONLY | O_CLOEXEC);

		ck_assert_int_eq(ftruncate(fd, size), 0);
		fd_close(fd);
		ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(5)), SCMP_ACT_ERRNO(5));
	}
}
END_TEST

START_TEST(a_file_that_others_may_write_is_not_believed)
{
	char name[256];

	ask(SCMP_ACT_ERRNO(5));
	tamper(true);
	count_files(name);
	ck_assert_int_eq(fchmodat(directory, name, 0620, 0), 0);
	ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(5)), SCMP_ACT_ERRNO(5));
}
END_TEST

START_TEST(without_a_place_it_is_only_slower)
{
	int real = directory;

	directory = NO_FD;
	ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(5)), SCMP_ACT_ERRNO(5));
	directory = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_uint_eq(ask(SCMP_ACT_ERRNO(5)), SCMP_ACT_ERRNO(5));
	ck_assert_int_eq(err_last()->code, 0);
	fd_close(directory);
	directory = real;
}
END_TEST

Suite *test_seccomp_cache(void);
Suite *test_seccomp_cache(void)
{
	Suite *suite = suite_create("seccomp/cache");
	TCase *tests = tcase_create("cache");

	tcase_add_checked_fixture(tests, make_place, remove_place);
	tcase_add_test(tests, the_second_time_comes_from_the_file);
	tcase_add_test(tests, another_profile_is_not_mistaken_for_it);
	tcase_add_test(tests, the_cache_does_not_grow_without_end);
	tcase_add_test(tests, a_damaged_file_is_made_anew);
	tcase_add_test(tests, a_file_that_others_may_write_is_not_believed);
	tcase_add_test(tests, without_a_place_it_is_only_slower);
	suite_add_tcase(suite, tests);
	return suite;
}
