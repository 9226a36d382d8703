/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_store - ids, reservations, locks and records in a directory of their own. */
#include "state/store.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "tests/unit/refusal.h"
#include "tests/unit/scratch.h"

static char top[64];
static char root[128];
static struct store store;

static void make_store(void)
{
	make_scratch(top);
	snprintf(root, sizeof(root), "%s/a/b", top);
	ck_assert_int_eq(store_open(root, &store), 0);
}

static void remove_store(void)
{
	_cleanup_free_ char *command = xprintf("rm -rf %s", top);

	err_clear();
	store_close(&store);
	ck_assert_int_eq(system(command), 0);
}

static struct record some_record(const char *id)
{
	return (struct record){
		.phase = RECORD_CREATED,
		.id = id,
		.created = "2026-01-02T03:04:05.123456789Z",
		.pid = OCI_SET(42),
	};
}

/* ---- ids ---- */

static const char *const good_ids[] = { "a", "A-b_c+d.e", ".a", "...", "0", "_", "-" };
static const char *const bad_ids[] = { "",    ".",   "..",       "a/b", "../a",
				       "a b", "a\n", "\xc3\xa4", "a:b" };

START_TEST(an_ordinary_id_is_taken)
{
	ck_assert_int_eq(store_check_id(good_ids[_i]), 0);
}
END_TEST

START_TEST(an_id_that_runc_refuses_is_refused)
{
	expect_refusal(store_check_id(bad_ids[_i]), "invalid container ID format: ");
}
END_TEST

START_TEST(an_endless_id_is_refused)
{
	char id[STORE_ID_MAX + 2];

	memset(id, 'a', sizeof(id));
	id[STORE_ID_MAX] = '\0';
	ck_assert_int_eq(store_check_id(id), 0);
	id[STORE_ID_MAX] = 'a';
	id[STORE_ID_MAX + 1] = '\0';
	expect_refusal(store_check_id(id), "invalid container ID format: ");
}
END_TEST

/* ---- the directory ---- */

START_TEST(the_directory_is_made_for_us_alone)
{
	struct stat about;

	ck_assert_int_eq(stat(root, &about), 0);
	ck_assert_uint_eq(about.st_mode & 07777, 0700);
}
END_TEST

START_TEST(a_directory_that_others_may_write_is_refused)
{
	struct store other;

	ck_assert_int_eq(chmod(root, 0770), 0);
	expect_refusal(store_open(root, &other), "others may write to the state directory");
	ck_assert_int_eq(chmod(root, 0711), 0);
	ck_assert_int_eq(store_open(root, &other), 0);
	store_close(&other);
}
END_TEST

START_TEST(a_symlink_is_no_state_directory)
{
	_cleanup_free_ char *link = xprintf("%s/link", top);
	_cleanup_free_ char *slashed = xprintf("%s/link//", top);
	struct store other;

	ck_assert_int_eq(symlink(root, link), 0);
	expect_refusal(store_open(link, &other), "open the state directory");
	expect_refusal(store_open(slashed, &other), "open the state directory");
}
END_TEST

START_TEST(the_root_of_the_file_system_is_no_state_directory)
{
	struct store other;

	expect_refusal(store_open("/", &other), "cannot be the state directory");
	expect_refusal(store_open("", &other), "cannot be the state directory");
}
END_TEST

START_TEST(a_missing_directory_is_found_empty_and_not_made)
{
	_cleanup_free_ char *path = xprintf("%s/missing", top);
	_cleanup_strings_ char **ids = NULL;
	struct store_slot slot;
	struct store other;

	ck_assert_int_eq(store_find(path, &other), 0);
	ck_assert_int_eq(other.fd, NO_FD);
	ck_assert_int_ne(access(path, F_OK), 0);
	ck_assert_int_eq(store_list(&other, &ids), 0);
	ck_assert_ptr_null(ids[0]);
	ck_assert_int_eq(store_get(&other, "a", &slot), 0);
	ck_assert_int_eq(slot.fd, NO_FD);
}
END_TEST

START_TEST(containers_are_listed_by_id_and_foreign_names_are_not)
{
	_cleanup_strings_ char **ids = NULL;

	ck_assert_int_eq(mkdirat(store.fd, "b", 0700), 0);
	ck_assert_int_eq(mkdirat(store.fd, "a", 0700), 0);
	ck_assert_int_eq(mkdirat(store.fd, "no id", 0700), 0);
	ck_assert_int_eq(symlinkat("a", store.fd, "c"), 0);
	close(openat(store.fd, "file", O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(store_list(&store, &ids), 0);
	ck_assert_str_eq(ids[0], "a");
	ck_assert_str_eq(ids[1], "b");
	ck_assert_ptr_null(ids[2]);
}
END_TEST

/* ---- reservations and locks ---- */

START_TEST(an_id_is_reserved_once)
{
	struct store_slot first;
	struct store_slot second;

	ck_assert_int_eq(store_reserve(&store, "a", &first), 0);
	expect_refusal(store_reserve(&store, "a", &second),
		       "container with given ID already exists");
	ck_assert_int_eq(second.fd, NO_FD);
	ck_assert_int_eq(store_remove(&first), 0);
	ck_assert_int_eq(store_reserve(&store, "a", &second), 0);
	ck_assert_int_eq(store_remove(&second), 0);
}
END_TEST

START_TEST(of_many_who_reserve_at_once_one_wins)
{
	int winners = 0;

	for (int i = 0; i < 8; i++)
		if (fork() == 0) {
			struct store_slot slot;

			_exit(store_reserve(&store, "race", &slot) == 0 ? 0 : 1);
		}
	for (int i = 0; i < 8; i++) {
		int status;

		wait(&status);
		winners += status == 0;
	}
	ck_assert_int_eq(winners, 1);
}
END_TEST

START_TEST(a_lock_is_waited_for_but_not_for_ever)
{
	struct store_slot holder;
	struct store_slot waiter;

	ck_assert_int_eq(store_reserve(&store, "a", &holder), 0);
	ck_assert_int_eq(store_get(&store, "a", &waiter), 0);
	expect_refusal(store_lock(&waiter, 30), "container a is busy");
	store_release(&holder);
	ck_assert_int_eq(store_lock(&waiter, 30), 0);
	ck_assert_int_ge(waiter.fd, 0);
	store_release(&waiter);
}
END_TEST

START_TEST(who_waited_for_a_container_that_went_learns_it)
{
	struct store_slot holder;
	struct store_slot waiter;
	struct store_slot again;

	ck_assert_int_eq(store_reserve(&store, "a", &holder), 0);
	ck_assert_int_eq(store_get(&store, "a", &waiter), 0);
	ck_assert_int_eq(store_remove(&holder), 0);
	/* Another one with the same id is not the one that was opened. */
	ck_assert_int_eq(store_reserve(&store, "a", &again), 0);
	ck_assert_int_eq(store_lock(&waiter, 30), 0);
	ck_assert_int_eq(waiter.fd, NO_FD);
	store_release(&again);
}
END_TEST

/* ---- records ---- */

START_TEST(a_record_is_replaced_and_read)
{
	struct record record = some_record("a");
	struct arena arena = { 0 };
	struct store_slot slot;
	struct record found;
	struct stat about;

	ck_assert_int_eq(store_reserve(&store, "a", &slot), 0);
	ck_assert_int_eq(store_write(&slot, &record), 0);
	record.phase = RECORD_RUNNING;
	ck_assert_int_eq(store_write(&slot, &record), 0);
	ck_assert_int_eq(store_read(&slot, &arena, &found), 0);
	ck_assert_int_eq(found.phase, RECORD_RUNNING);
	ck_assert_int_eq(found.pid.value, 42);
	ck_assert_int_eq(fstatat(slot.fd, "state.json", &about, 0), 0);
	ck_assert_uint_eq(about.st_mode & 07777, 0600);
	ck_assert_int_ne(faccessat(slot.fd, "state.json.next", F_OK, 0), 0);
	ck_assert_int_eq(store_remove(&slot), 0);
	arena_free(&arena);
}
END_TEST

static enum record_phase phase_of(const struct store_slot *slot)
{
	struct arena arena = { 0 };
	struct record found;

	ck_assert_int_eq(store_read(slot, &arena, &found), 0);
	arena_free(&arena);
	return found.phase;
}

START_TEST(the_record_of_a_run_becomes_that_of_a_running_container)
{
	struct record record = some_record("a");
	struct stat before, after;
	struct store_slot slot;

	record.phase = RECORD_CREATING;
	record.begun = (struct oci_u32)OCI_SET(0);
	ck_assert_int_eq(store_reserve(&store, "a", &slot), 0);
	ck_assert_int_eq(store_write(&slot, &record), 0);
	ck_assert_int_eq(phase_of(&slot), RECORD_CREATING);
	ck_assert_int_eq(fstatat(slot.fd, "state.json", &before, 0), 0);
	ck_assert_int_eq(store_write_begun(&slot, &record), 0);
	ck_assert_int_eq(phase_of(&slot), RECORD_RUNNING);
	ck_assert_int_eq(fstatat(slot.fd, "state.json", &after, 0), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	ck_assert_int_eq(store_remove(&slot), 0);
}
END_TEST

/* What `start` does with the record that a `create` left and somebody has put BLANKS before. */
static bool begins_in_place(size_t blanks)
{
	char text[4096] = "   ";
	struct record record = some_record("a"), found;
	struct stat before, after;
	struct arena arena = { 0 };
	struct store_slot slot;
	ssize_t size;
	int fd;

	record.phase = RECORD_CREATED;
	record.begun = (struct oci_u32)OCI_SET(0);
	ck_assert_int_eq(store_reserve(&store, "a", &slot), 0);
	ck_assert_int_eq(store_write(&slot, &record), 0);
	fd = openat(slot.fd, "state.json", O_RDWR | O_CLOEXEC);
	size = pread(fd, text + blanks, sizeof(text) - blanks, 0) + (ssize_t)blanks;
	ck_assert_int_eq(pwrite(fd, text, (size_t)size, 0), size);
	close(fd);
	store_release(&slot);
	ck_assert_int_eq(store_get(&store, "a", &slot), 0);
	ck_assert_int_eq(store_lock(&slot, 1000), 0);
	ck_assert_int_eq(store_read(&slot, &arena, &found), 0);
	ck_assert(found.may_begin);
	ck_assert_int_eq(found.phase, RECORD_CREATED);
	ck_assert_int_eq(fstatat(slot.fd, "state.json", &before, 0), 0);
	found.phase = RECORD_RUNNING;
	ck_assert_int_eq(store_write_begun(&slot, &found), 0);
	ck_assert_int_eq(fstatat(slot.fd, "state.json", &after, 0), 0);
	ck_assert_int_eq(phase_of(&slot), RECORD_RUNNING);
	ck_assert_int_eq(store_remove(&slot), 0);
	arena_free(&arena);
	return before.st_ino == after.st_ino;
}

START_TEST(a_start_changes_the_byte_in_the_record_of_a_created_container)
{
	ck_assert(begins_in_place(0));
}
END_TEST

START_TEST(a_record_whose_byte_is_elsewhere_is_written_anew)
{
	ck_assert(!begins_in_place(2));
}
END_TEST

START_TEST(without_the_byte_for_it_a_new_record_says_that_it_runs)
{
	struct record record = some_record("a");
	struct store_slot slot;

	record.phase = RECORD_CREATED;
	ck_assert_int_eq(store_reserve(&store, "a", &slot), 0);
	ck_assert_int_eq(store_write(&slot, &record), 0);
	record.phase = RECORD_RUNNING;
	ck_assert_int_eq(store_write_begun(&slot, &record), 0);
	ck_assert_int_eq(phase_of(&slot), RECORD_RUNNING);
	ck_assert_int_eq(store_remove(&slot), 0);
}
END_TEST

START_TEST(a_directory_without_a_record_is_one_being_created)
{
	struct arena arena = { 0 };
	struct store_slot slot;
	struct record found;

	ck_assert_int_eq(store_reserve(&store, "a", &slot), 0);
	ck_assert_int_eq(store_read(&slot, &arena, &found), 0);
	ck_assert(record_is_empty(&found));
	ck_assert_int_eq(found.phase, RECORD_CREATING);
	ck_assert_str_eq(found.id, "a");
	ck_assert_int_eq(store_remove(&slot), 0);
	arena_free(&arena);
}
END_TEST

START_TEST(a_slot_alone_takes_the_store_with_it)
{
	struct store_slot slot, none;
	struct store other;
	int parent;

	ck_assert_int_eq(store_reserve(&store, "a", &slot), 0);
	store_release(&slot);
	ck_assert_int_eq(fcntl(store.fd, F_GETFD), FD_CLOEXEC); /* it is not the slot's */

	ck_assert_int_eq(store_find(root, &other), 0);
	parent = other.fd;
	ck_assert_int_eq(store_get_alone(&other, "b", &none), 0);
	ck_assert_int_eq(none.fd, NO_FD);
	ck_assert_int_eq(other.fd, parent);
	ck_assert_int_eq(store_get_alone(&other, "a", &slot), 0);
	ck_assert_int_eq(other.fd, NO_FD);
	store_close(&other);
	ck_assert_int_eq(store_lock(&slot, 1000), 0);
	ck_assert_int_eq(store_remove(&slot), 0);
	ck_assert_int_eq(fcntl(parent, F_GETFD), -1);
	ck_assert_int_eq(store_get(&store, "a", &none), 0);
	ck_assert_int_eq(none.fd, NO_FD);
}
END_TEST

START_TEST(a_record_of_a_container_that_went_does_not_exist)
{
	struct arena arena = { 0 };
	struct store_slot holder;
	struct store_slot reader;
	struct record found;

	ck_assert_int_eq(store_reserve(&store, "a", &holder), 0);
	ck_assert_int_eq(store_get(&store, "a", &reader), 0);
	ck_assert_int_eq(store_remove(&holder), 0);
	expect_refusal(store_read(&reader, &arena, &found), "container does not exist");
	store_release(&reader);
	arena_free(&arena);
}
END_TEST

static const char *const damaged[] = {
	"",
	"{",
	"{\"phase\":\"created\"}",
	"{\"phase\":\"odd\",\"id\":\"a\",\"created\":\"x\"}",
	"{\"phase\":\"created\",\"id\":\"b\",\"created\":\"x\"}",
	"{\"phase\":\"created\",\"id\":\"a\",\"created\":\"x\",\"pid\":99999999999}",
};

START_TEST(a_damaged_record_is_refused)
{
	struct arena arena = { 0 };
	struct store_slot slot;
	struct record found;
	int fd;

	ck_assert_int_eq(store_reserve(&store, "a", &slot), 0);
	fd = openat(slot.fd, "state.json", O_CREAT | O_WRONLY, 0600);
	ck_assert_int_eq(write(fd, damaged[_i], strlen(damaged[_i])),
			 (ssize_t)strlen(damaged[_i]));
	close(fd);
	expect_refusal(store_read(&slot, &arena, &found), "read the state of container a: ");
	ck_assert_int_eq(store_remove(&slot), 0);
	arena_free(&arena);
}
END_TEST

START_TEST(a_configuration_is_kept_byte_by_byte)
{
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	_cleanup_free_ char *bytes = NULL;
	static const char config[] = "{ \"not\": \"looked\" at";
	size_t size = 0;

	ck_assert_int_eq(store_reserve(&store, "c1", &slot), 0);
	expect_refusal(store_read_config(&slot, &bytes, &size), "no such file or directory");
	ck_assert_int_eq(store_write_config(&slot, config, sizeof(config)), 0);
	ck_assert_int_eq(store_read_config(&slot, &bytes, &size), 0);
	ck_assert_uint_eq(size, sizeof(config));
	ck_assert_mem_eq(bytes, config, sizeof(config));
	ck_assert_int_eq(store_remove(&slot), 0);
}
END_TEST

START_TEST(removing_takes_all_that_is_in_the_directory)
{
	struct record record = some_record("a");
	struct store_slot slot;

	ck_assert_int_eq(store_reserve(&store, "a", &slot), 0);
	ck_assert_int_eq(store_write(&slot, &record), 0);
	ck_assert_int_eq(mkdirat(slot.fd, "notify", 0700), 0);
	close(openat(slot.fd, "notify/file", O_CREAT | O_WRONLY, 0600));
	ck_assert_int_eq(symlinkat("/", slot.fd, "link"), 0);
	ck_assert_int_eq(mkfifoat(slot.fd, "fifo", 0600), 0);
	ck_assert_int_eq(store_remove(&slot), 0);
	ck_assert_int_ne(faccessat(store.fd, "a", F_OK, 0), 0);
	ck_assert_int_eq(slot.fd, NO_FD);
}
END_TEST

START_TEST(a_long_way_to_the_directory_is_no_trouble)
{
	char path[700];
	struct record record = some_record("a");
	struct store_slot slot;
	struct store deep;

	snprintf(path, sizeof(path), "%s/%0200d/%0200d", root, 1, 2);
	ck_assert_int_eq(store_open(path, &deep), 0);
	ck_assert_int_eq(store_reserve(&deep, "a", &slot), 0);
	ck_assert_int_eq(store_write(&slot, &record), 0);
	ck_assert_int_eq(store_remove(&slot), 0);
	store_close(&deep);
}
END_TEST

Suite *test_state_store(void);
Suite *test_state_store(void)
{
	Suite *suite = suite_create("state/store");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, make_store, remove_store);
	tcase_add_loop_test(all, an_ordinary_id_is_taken, 0, (int)ARRAY_SIZE(good_ids));
	tcase_add_loop_test(all, an_id_that_runc_refuses_is_refused, 0,
			    (int)ARRAY_SIZE(bad_ids));
	tcase_add_test(all, an_endless_id_is_refused);
	tcase_add_test(all, the_directory_is_made_for_us_alone);
	tcase_add_test(all, a_directory_that_others_may_write_is_refused);
	tcase_add_test(all, a_symlink_is_no_state_directory);
	tcase_add_test(all, the_root_of_the_file_system_is_no_state_directory);
	tcase_add_test(all, a_missing_directory_is_found_empty_and_not_made);
	tcase_add_test(all, containers_are_listed_by_id_and_foreign_names_are_not);
	tcase_add_test(all, an_id_is_reserved_once);
	tcase_add_test(all, of_many_who_reserve_at_once_one_wins);
	tcase_add_test(all, a_lock_is_waited_for_but_not_for_ever);
	tcase_add_test(all, who_waited_for_a_container_that_went_learns_it);
	tcase_add_test(all, a_record_is_replaced_and_read);
	tcase_add_test(all, a_directory_without_a_record_is_one_being_created);
	tcase_add_test(all, a_slot_alone_takes_the_store_with_it);
	tcase_add_test(all, a_record_of_a_container_that_went_does_not_exist);
	tcase_add_loop_test(all, a_damaged_record_is_refused, 0, (int)ARRAY_SIZE(damaged));
	tcase_add_test(all, a_configuration_is_kept_byte_by_byte);
	tcase_add_test(all, removing_takes_all_that_is_in_the_directory);
	tcase_add_test(all, the_record_of_a_run_becomes_that_of_a_running_container);
	tcase_add_test(all, a_start_changes_the_byte_in_the_record_of_a_created_container);
	tcase_add_test(all, a_record_whose_byte_is_elsewhere_is_written_anew);
	tcase_add_test(all, without_the_byte_for_it_a_new_record_says_that_it_runs);
	tcase_add_test(all, a_long_way_to_the_directory_is_no_trouble);
	suite_add_tcase(suite, all);
	return suite;
}
