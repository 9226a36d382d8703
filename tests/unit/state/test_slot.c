/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_slot - annotations in the record, and those that are kept aside. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "state/store.h"
#include "tests/unit/refusal.h"
#include "tests/unit/scratch.h"

static char root[64];
static struct store store;

static void make_store(void)
{
	make_scratch(root);
	ck_assert_int_eq(store_open(root, &store), 0);
}

/* Each test has removed what it made in there. */
static void remove_store(void)
{
	err_clear();
	store_close(&store);
	ck_assert_int_eq(rmdir(root), 0);
}

static struct record some_record(void)
{
	return (struct record){
		.phase = RECORD_CREATED,
		.id = "a",
		.created = "2026-01-02T03:04:05.123456789Z",
	};
}

static void expect_a_is_b(const struct record *record)
{
	const struct oci_pairs annotations = record_annotations(record);

	ck_assert_str_eq(oci_pairs_get(&annotations, "a"), "b");
}

static char long_value[RECORD_ANNOTATIONS_MAX + 1];
static const struct oci_pair many[] = { { "a", "b" }, { "long", long_value } };

static struct record record_with_many(void)
{
	const struct oci_pairs annotations = OCI_LIST_OF(many);
	struct record record = some_record();

	memset(long_value, 'x', sizeof(long_value) - 1);
	record_set_annotations(&record, &annotations);
	return record;
}

/* As `create` does it. */
static void write_with_many(struct store_slot *ret_slot)
{
	_cleanup_free_ char *config = NULL;
	struct record record = record_with_many();

	config =
		xprintf("{\"Annotations\":{\"a\":\"b\",\"long\":\"%s\"},\"x\":{}}", long_value);
	ck_assert_int_eq(store_reserve(&store, "a", ret_slot), 0);
	ck_assert_int_eq(store_write_config(ret_slot, config, strlen(config)), 0);
	ck_assert_int_eq(store_write(ret_slot, &record), 0);
}

START_TEST(few_annotations_are_in_the_record)
{
	static const struct oci_pair few[] = { { "a", "b" } };
	const struct oci_pairs annotations = OCI_LIST_OF(few);
	struct record record = some_record();
	struct arena arena = { 0 };
	struct store_slot slot;
	struct record found;

	record_set_annotations(&record, &annotations);
	ck_assert_int_eq(store_reserve(&store, "a", &slot), 0);
	ck_assert_int_eq(store_write(&slot, &record), 0);
	ck_assert_int_eq(store_read(&slot, &arena, &found), 0);
	ck_assert(!found.has_annotations_aside.value);
	ck_assert_int_eq(store_read_annotations(&slot, &arena, &found), 0);
	expect_a_is_b(&found);
	ck_assert_int_eq(store_remove(&slot), 0);
	arena_free(&arena);
}
END_TEST

START_TEST(many_annotations_are_those_of_the_kept_configuration)
{
	struct arena arena = { 0 };
	struct store_slot slot;
	struct record found;
	struct stat about;

	write_with_many(&slot);
	ck_assert_int_eq(fstatat(slot.fd, "state.json", &about, 0), 0);
	ck_assert_int_lt(about.st_size, RECORD_ANNOTATIONS_MAX);
	ck_assert_int_eq(store_read(&slot, &arena, &found), 0);
	ck_assert_uint_eq(found.annotations.count, 0);
	/* A later version of the record refers to them, too. */
	ck_assert_int_eq(store_write(&slot, &found), 0);
	ck_assert_int_eq(store_read(&slot, &arena, &found), 0);
	ck_assert_int_eq(store_read_annotations(&slot, &arena, &found), 0);
	expect_a_is_b(&found);
	ck_assert_str_eq(oci_pairs_get(&found.annotations, "long"), long_value);
	ck_assert_int_eq(store_remove(&slot), 0);
	arena_free(&arena);
}
END_TEST

START_TEST(annotations_of_a_container_that_went_meanwhile)
{
	struct arena arena = { 0 };
	struct store_slot holder;
	struct store_slot reader;
	struct record found;

	write_with_many(&holder);
	ck_assert_int_eq(store_get(&store, "a", &reader), 0);
	ck_assert_int_eq(store_read(&reader, &arena, &found), 0);
	ck_assert_int_eq(store_remove(&holder), 0);
	expect_refusal(store_read_annotations(&reader, &arena, &found),
		       "container does not exist");
	store_release(&reader);
	arena_free(&arena);
}
END_TEST

START_TEST(annotations_that_were_lost_are_a_failure)
{
	struct arena arena = { 0 };
	struct store_slot slot;
	struct record found;

	write_with_many(&slot);
	ck_assert_int_eq(store_read(&slot, &arena, &found), 0);
	ck_assert_int_eq(unlinkat(slot.fd, "config.json", 0), 0);
	expect_refusal(store_read_annotations(&slot, &arena, &found),
		       "saved configuration of container a: no such file");
	ck_assert_int_eq(store_write_config(&slot, "{", 1), 0);
	expect_refusal(store_read_annotations(&slot, &arena, &found),
		       "saved configuration of container a: config.json:1:");
	ck_assert_int_eq(store_remove(&slot), 0);
	arena_free(&arena);
}
END_TEST

Suite *test_state_slot(void);
Suite *test_state_slot(void)
{
	Suite *suite = suite_create("state/slot");
	TCase *all = tcase_create("annotations");

	tcase_add_checked_fixture(all, make_store, remove_store);
	tcase_add_test(all, few_annotations_are_in_the_record);
	tcase_add_test(all, many_annotations_are_those_of_the_kept_configuration);
	tcase_add_test(all, annotations_of_a_container_that_went_meanwhile);
	tcase_add_test(all, annotations_that_were_lost_are_a_failure);
	suite_add_tcase(suite, all);
	return suite;
}
