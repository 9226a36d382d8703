/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arena - memory that is taken piece by piece. */
#include "libocispec/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "tests/unit/libocispec/suites.h"

START_TEST(memory_is_zeroed_aligned_and_apart)
{
	static const unsigned char zeros[5000];
	struct arena arena = { 0 };
	unsigned char *last = NULL;

	for (size_t size = 1; size < sizeof(zeros); size += 7) {
		unsigned char *piece = arena_alloc(&arena, size);

		ck_assert_uint_eq((uintptr_t)piece % alignof(max_align_t), 0);
		ck_assert_mem_eq(piece, zeros, size);
		memset(piece, 0xff, size);
		ck_assert_ptr_ne(piece, last);
		last = piece;
	}
	arena_free(&arena);
}
END_TEST

START_TEST(a_text_is_copied_and_ended)
{
	struct arena arena = { 0 };
	char *first = arena_text(&arena, "abcdef", 3);
	char *second = arena_text(&arena, "", 0);
	char *third = arena_text(&arena, NULL, 0);

	ck_assert_str_eq(first, "abc");
	ck_assert_str_eq(second, "");
	ck_assert_str_eq(third, "");
	arena_free(&arena);
}
END_TEST

START_TEST(a_piece_may_be_larger_than_a_chunk)
{
	struct arena arena = { 0 };
	size_t size = (size_t)5 << 20;
	char *small = arena_text(&arena, "x", 1);
	char *large = arena_alloc(&arena, size);

	ck_assert_int_eq(large[0], 0);
	ck_assert_int_eq(large[size - 1], 0);
	memset(large, 1, size);
	ck_assert_str_eq(small, "x");
	ck_assert_str_eq(arena_text(&arena, "after", 5), "after");
	arena_free(&arena);
}
END_TEST

START_TEST(an_arena_can_be_freed_twice_and_used_again)
{
	struct arena arena = { 0 };

	arena_free(&arena);
	ck_assert_str_eq(arena_text(&arena, "a", 1), "a");
	arena_free(&arena);
	arena_free(&arena);
	ck_assert_str_eq(arena_text(&arena, "b", 1), "b");
	arena_free(&arena);
}
END_TEST

Suite *test_arena(void)
{
	Suite *suite = suite_create("libocispec/arena");
	TCase *memory = tcase_create("memory");

	tcase_add_test(memory, memory_is_zeroed_aligned_and_apart);
	tcase_add_test(memory, a_text_is_copied_and_ended);
	tcase_add_test(memory, a_piece_may_be_larger_than_a_chunk);
	tcase_add_test(memory, an_arena_can_be_freed_twice_and_used_again);
	suite_add_tcase(suite, memory);
	return suite;
}
