/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_heap - base/heap.c */
#include <check.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"

START_TEST(each_size_is_aligned_and_as_large_as_asked_for)
{
	for (size_t size = 0; size < 300 * 1024; size += size < 2000 ? 1 : 997) {
		void *memory = heap_take(size);

		ck_assert_ptr_nonnull(memory);
		ck_assert_uint_eq((uintptr_t)memory % HEAP_ALIGNMENT, 0);
		ck_assert_uint_ge(heap_size(memory), size);
		ck_assert_uint_le(heap_size(memory), size + size / 4 + 4096);
		memset(memory, 0xaa, heap_size(memory));
		heap_give(memory);
	}
}
END_TEST

static size_t count_others(const unsigned char *bytes, size_t size, unsigned char expected)
{
	size_t others = 0;

	for (size_t i = 0; i < size; i++)
		others += bytes[i] != expected;
	return others;
}

START_TEST(blocks_do_not_overlap)
{
	enum { COUNT = 2000 };
	static unsigned char *blocks[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		blocks[i] = heap_take(i * 7 % 3000);
		memset(blocks[i], (int)(i % 251), heap_size(blocks[i]));
	}
	for (size_t i = 0; i < COUNT; i++) {
		ck_assert_uint_eq(count_others(blocks[i], heap_size(blocks[i]), i % 251), 0);
		heap_give(blocks[i]);
	}
}
END_TEST

START_TEST(what_came_back_is_given_again)
{
	void *one = heap_take(100), *other = heap_take(100);

	ck_assert_ptr_ne(one, other);
	heap_give(one);
	ck_assert_ptr_eq(heap_take(97), one);
	heap_give(one);
	heap_give(other);
}
END_TEST

/* Of new chunks, of what came back, and of mappings. */
START_TEST(zeroed_memory_has_nothing_in_it)
{
	static const size_t sizes[] = { 1, 100, 3000, 40000, 100000, 500000 };

	for (size_t i = 0; i < 8 * sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t size = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
		unsigned char *memory = heap_take_zeroed(size);

		ck_assert_uint_eq(count_others(memory, size, 0), 0);
		memset(memory, 0xaa, heap_size(memory));
		if (i % 3)
			heap_give(memory);
	}
	ck_assert_ptr_null(heap_take_zeroed(SIZE_MAX));
}
END_TEST

START_TEST(resizing_keeps_what_is_in_it)
{
	static const size_t sizes[] = { 10, 100, 5000, 200000, 3000000, 150000, 70, 1 };
	char *memory = NULL;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memory = heap_resize(memory, sizes[i]);
		ck_assert_ptr_nonnull(memory);
		ck_assert_uint_ge(heap_size(memory), sizes[i]);
		if (i > 0)
			ck_assert_int_eq(memory[0], 'x');
		memory[0] = 'x';
		memory[sizes[i] - 1] = 'x';
	}
	heap_give(memory);
}
END_TEST

START_TEST(what_nobody_has_is_refused)
{
	void *small = heap_take(10), *large = heap_take(1000000);

	errno = 0;
	ck_assert_ptr_null(heap_take(SIZE_MAX));
	ck_assert_int_eq(errno, ENOMEM);
	ck_assert_ptr_null(heap_take(PTRDIFF_MAX));
	ck_assert_ptr_null(heap_resize(small, SIZE_MAX - 8));
	ck_assert_ptr_null(heap_resize(large, SIZE_MAX - 8));
	errno = EPERM;
	heap_give(large);
	heap_give(small);
	heap_give(NULL);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_uint_eq(heap_size(NULL), 0);
}
END_TEST

Suite *test_base_heap(void);
Suite *test_base_heap(void)
{
	Suite *suite = suite_create("base/heap");
	TCase *tests = tcase_create("heap");

	tcase_add_test(tests, each_size_is_aligned_and_as_large_as_asked_for);
	tcase_add_test(tests, blocks_do_not_overlap);
	tcase_add_test(tests, what_came_back_is_given_again);
	tcase_add_test(tests, zeroed_memory_has_nothing_in_it);
	tcase_add_test(tests, resizing_keeps_what_is_in_it);
	tcase_add_test(tests, what_nobody_has_is_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
