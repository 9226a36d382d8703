/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_strlen - the strlen(3) of a static program. */
#include <check.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

size_t __wrap_strlen(const char *text);

START_TEST(every_length_at_every_place_is_found)
{
	char room[128];

	for (size_t start = 0; start < 32; start++)
		for (size_t length = 0; length < 64; length++) {
			memset(room, 0, start);
			memset(room + start, 0x80 + (int)length, length);
			memset(room + start + length, 0, 1);
			memset(room + start + length + 1, 'x',
			       sizeof(room) - start - length - 1);
			ck_assert_uint_eq(__wrap_strlen(room + start), length);
		}
}
END_TEST

START_TEST(nothing_is_read_on_the_next_page)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);

	ck_assert_ptr_ne(pages, MAP_FAILED);
	ck_assert_int_eq(mprotect(pages + page, page, PROT_NONE), 0);
	memset(pages, 'a', page);
	pages[page - 1] = '\0';
	for (size_t length = 0; length < 40; length++)
		ck_assert_uint_eq(__wrap_strlen(pages + page - 1 - length), length);
	munmap(pages, 2 * page);
}
END_TEST

Suite *test_base_strlen(void);
Suite *test_base_strlen(void)
{
	Suite *suite = suite_create("base/strlen");
	TCase *all = tcase_create("all");

	tcase_add_test(all, every_length_at_every_place_is_found);
	tcase_add_test(all, nothing_is_read_on_the_next_page);
	suite_add_tcase(suite, all);
	return suite;
}
