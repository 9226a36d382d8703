/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_blockwriter - the block that tare-init is told. */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plan/blockwriter.h"

static struct block_writer writer;

static void open_block(void)
{
	block_open(&writer, 0);
}

static void close_block(void)
{
	block_close(&writer);
}

static const struct init_plan *start(void)
{
	return (const struct init_plan *)(const void *)writer.base;
}

START_TEST(a_new_block_is_an_empty_plan)
{
	ck_assert_uint_eq(start()->magic, BLOCK_MAGIC);
	ck_assert_uint_eq(start()->size, sizeof(struct init_plan));
	ck_assert_int_eq(start()->channel, NO_SLOT);
	ck_assert_int_eq(start()->gate, NO_SLOT);
	ck_assert_uint_eq(start()->mounts.count, 0);
}
END_TEST

START_TEST(no_text_is_nothing)
{
	ck_assert_uint_eq(block_put_text(&writer, NULL), 0);
	ck_assert_ptr_null(block_string(start(), 0));
}
END_TEST

START_TEST(an_empty_text_is_something)
{
	block_text text = block_put_text(&writer, "");

	ck_assert_uint_ne(text, 0);
	ck_assert_str_eq(block_string(start(), text), "");
}
END_TEST

START_TEST(the_small_block_is_empty_again_when_it_is_taken_again)
{
	struct block_writer one, other;
	const char *text;

	block_open(&one, 1000);
	block_open(&other, 1000);
	ck_assert_ptr_ne(one.base, other.base);
	text = one.base + block_put_text(&one, "text");
	ck_assert_str_eq(text, "text");
	block_close(&one);
	block_close(&other);
	block_open(&one, 1000);
	ck_assert_str_eq(text, "");
	block_close(&one);
}
END_TEST

START_TEST(what_may_become_large_has_room)
{
	struct block_writer large;
	void *room;

	block_open(&large, BLOCK_RESERVE);
	block_put_list(&large, BLOCK_RESERVE / 2, 1, &room);
	ck_assert_int_eq(((char *)room)[BLOCK_RESERVE / 2 - 1], 0);
	block_close(&large);
}
END_TEST

START_TEST(items_are_zero_and_aligned_behind_any_text)
{
	void *room;
	struct block_list list;
	uint64_t *items;

	block_put_text(&writer, "odd");
	list = block_put_list(&writer, 3, sizeof(uint64_t), &room);
	items = room;
	ck_assert_uint_eq((uintptr_t)items % 8, 0);
	ck_assert_uint_eq(list.count, 3);
	for (size_t i = 0; i < 3; i++)
		ck_assert_uint_eq(items[i], 0);
	items[2] = 7;
	ck_assert_uint_eq(LIST_OF(start(), list, uint64_t)[2], 7);
}
END_TEST

START_TEST(pointers_stay_good_while_it_grows)
{
	void *room;
	struct block_list list = block_put_list(&writer, 1, sizeof(uint32_t), &room);
	uint32_t *first = room;

	for (int i = 0; i < 100000; i++)
		block_put_text(&writer, "a text of some length, to fill page after page");
	*first = 42;
	ck_assert_uint_eq(LIST_OF(start(), list, uint32_t)[0], 42);
}
END_TEST

START_TEST(the_size_is_always_up_to_date)
{
	block_put_text(&writer, "four");
	ck_assert_uint_eq(start()->size, sizeof(struct init_plan) + 5);
	ck_assert_uint_eq(start()->size, writer.size);
}
END_TEST

START_TEST(it_means_the_same_elsewhere)
{
	block_text text = block_put_text(&writer, "moved");
	size_t size = writer.size;
	char *copy = malloc(size);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, writer.base, size);
	ck_assert_str_eq(block_string((const struct init_plan *)(void *)copy, text), "moved");
	free(copy);
}
END_TEST

Suite *test_plan_blockwriter(void);
Suite *test_plan_blockwriter(void)
{
	Suite *suite = suite_create("plan/blockwriter");
	TCase *tests = tcase_create("blockwriter");

	tcase_add_checked_fixture(tests, open_block, close_block);
	tcase_add_test(tests, a_new_block_is_an_empty_plan);
	tcase_add_test(tests, no_text_is_nothing);
	tcase_add_test(tests, an_empty_text_is_something);
	tcase_add_test(tests, items_are_zero_and_aligned_behind_any_text);
	tcase_add_test(tests, the_small_block_is_empty_again_when_it_is_taken_again);
	tcase_add_test(tests, what_may_become_large_has_room);
	tcase_add_test(tests, pointers_stay_good_while_it_grows);
	tcase_add_test(tests, the_size_is_always_up_to_date);
	tcase_add_test(tests, it_means_the_same_elsewhere);
	suite_add_tcase(suite, tests);
	return suite;
}
