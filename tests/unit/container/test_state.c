/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_state - what `state` and `list` print. */
#include "container/state.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "container/list.h"
#include "container/table.h"
#include "fixture.h"

static struct buf out;

static void begin(void)
{
	fixture_begin();
	out = (struct buf){ 0 };
}

static void end(void)
{
	buf_release(&out);
	fixture_end();
}

/* ---- state ---- */

START_TEST(the_state_is_indented_json_without_a_newline)
{
	static const struct oci_pair annotations[] = { { "org.example/a", "1" } };
	pid_t pid = fixture_process();
	struct record record = fixture_record("c1", RECORD_RUNNING, pid);
	_cleanup_free_ char *wanted =
		xprintf("{\n  \"ociVersion\": \"1.3.0\",\n  \"id\": \"c1\",\n  \"pid\": %d,\n"
			"  \"status\": \"running\",\n  \"bundle\": \"/b\",\n"
			"  \"rootfs\": \"/b/rootfs\",\n"
			"  \"created\": \"2026-01-02T03:04:05.123456789Z\",\n"
			"  \"annotations\": {\n    \"org.example/a\": \"1\"\n  },\n"
			"  \"owner\": \"\"\n}",
			(int)pid);

	record.bundle = "/b";
	record.annotations = (struct oci_pairs)OCI_LIST_OF(annotations);
	fixture_container_with(&record);
	ck_assert_int_eq(container_state(&runtime, "c1", &out), 0);
	ck_assert_str_eq(out.text, wanted);
}
END_TEST

START_TEST(a_stopped_container_has_pid_0_and_no_empty_annotations)
{
	pid_t pid = fixture_process();

	fixture_container("c1", RECORD_RUNNING, pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_int_eq(container_state(&runtime, "c1", &out), 0);
	ck_assert_ptr_nonnull(strstr(out.text, "\"pid\": 0,\n  \"status\": \"stopped\""));
	ck_assert_ptr_null(strstr(out.text, "annotations"));
}
END_TEST

START_TEST(a_container_is_created_until_its_process_executes_something)
{
	fixture_container("waits", RECORD_CREATED, fixture_waiting_process());
	fixture_container("runs", RECORD_CREATED, fixture_process());
	ck_assert_int_eq(container_state(&runtime, "waits", &out), 0);
	ck_assert_ptr_nonnull(strstr(out.text, "\"status\": \"created\""));
	buf_release(&out);
	ck_assert_int_eq(container_state(&runtime, "runs", &out), 0);
	ck_assert_ptr_nonnull(strstr(out.text, "\"status\": \"running\""));
}
END_TEST

START_TEST(an_unknown_container_does_not_exist)
{
	expect_refused(container_state(&runtime, "nosuch", &out), "container does not exist");
	fixture_container("c1", RECORD_CREATED, 0);
	expect_refused(container_state(&runtime, "nosuch", &out), "container does not exist");
	expect_refused(container_state(&runtime, "../c1", &out), "invalid container ID format");
}
END_TEST

START_TEST(a_reservation_is_no_container_yet)
{
	fixture_container("c1", RECORD_CREATED, 0);
	ck_assert_int_eq(mkdir(fixture_path("root/half"), 0700), 0);
	expect_refused(container_state(&runtime, "half", &out), "container does not exist");
}
END_TEST

/* ---- list ---- */

static void three_containers(void)
{
	fixture_container("b", RECORD_CREATING, 0);
	fixture_container("a-container-with-a-long-name", RECORD_RUNNING, getpid());
	fixture_container("c", RECORD_STOPPED, 0);
}

START_TEST(ids_alone_come_one_in_a_line)
{
	three_containers();
	ck_assert_int_eq(container_list(&runtime, LIST_TABLE, true, &out), 0);
	ck_assert_str_eq(out.text, "a-container-with-a-long-name\nb\nc\n");
}
END_TEST

START_TEST(json_is_one_line_in_runcs_order)
{
	_cleanup_free_ char *wanted =
		xprintf("[{\"ociVersion\":\"1.3.0\",\"id\":\"a-container-with-a-long-name\","
			"\"pid\":%d,\"status\":\"running\",\"bundle\":\"",
			(int)getpid());

	three_containers();
	ck_assert_int_eq(container_list(&runtime, LIST_JSON, false, &out), 0);
	ck_assert_int_eq(strncmp(out.text, wanted, strlen(wanted)), 0);
	ck_assert_ptr_eq(strchr(out.text, '\n'), out.text + out.size - 1);
	ck_assert_ptr_nonnull(strstr(out.text, "},{\"ociVersion\""));
	ck_assert_ptr_null(strstr(out.text, "\"owner\":\"\""));
}
END_TEST

START_TEST(no_containers_are_an_empty_list)
{
	ck_assert_int_eq(container_list(&runtime, LIST_JSON, false, &out), 0);
	ck_assert_str_eq(out.text, "[]\n");
	buf_release(&out);
	ck_assert_int_eq(container_list(&runtime, LIST_TABLE, false, &out), 0);
	ck_assert_str_eq(out.text,
			 "ID          PID         STATUS      BUNDLE      CREATED     OWNER\n");
}
END_TEST

START_TEST(a_root_that_was_named_must_be_there)
{
	runtime.is_root_given = true;
	expect_refused(container_list(&runtime, LIST_TABLE, false, &out),
		       "no such file or directory");
}
END_TEST

START_TEST(what_is_foreign_in_the_root_is_left_out)
{
	FILE *file;

	three_containers();
	ck_assert_int_eq(mkdir(fixture_path("root/half"), 0700), 0);
	ck_assert_int_eq(mkdir(fixture_path("root/foreign"), 0700), 0);
	file = fopen(fixture_path("root/foreign/state.json"), "w");
	fputs("not ours", file);
	fclose(file);
	file = fopen(fixture_path("root/file"), "w");
	fclose(file);
	ck_assert_int_eq(container_list(&runtime, LIST_TABLE, true, &out), 0);
	ck_assert_str_eq(out.text, "a-container-with-a-long-name\nb\nc\n");
}
END_TEST

START_TEST(columns_are_as_wide_as_their_longest_cell_and_three)
{
	const char *const cells[] = { "ID",       "B", "END", "1234567890", "x", "y",
				      "\xc3\xa4", "",  "" };

	table_print(cells, 3, 3, &out);
	ck_assert_str_eq(out.text, "ID           B           END\n"
				   "1234567890   x           y\n"
				   "\xc3\xa4                        \n");
}
END_TEST

Suite *test_container_state(void);
Suite *test_container_state(void)
{
	Suite *suite = suite_create("container/state");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, begin, end);
	tcase_add_test(all, the_state_is_indented_json_without_a_newline);
	tcase_add_test(all, a_stopped_container_has_pid_0_and_no_empty_annotations);
	tcase_add_test(all, a_container_is_created_until_its_process_executes_something);
	tcase_add_test(all, an_unknown_container_does_not_exist);
	tcase_add_test(all, a_reservation_is_no_container_yet);
	tcase_add_test(all, ids_alone_come_one_in_a_line);
	tcase_add_test(all, json_is_one_line_in_runcs_order);
	tcase_add_test(all, no_containers_are_an_empty_list);
	tcase_add_test(all, a_root_that_was_named_must_be_there);
	tcase_add_test(all, what_is_foreign_in_the_root_is_left_out);
	tcase_add_test(all, columns_are_as_wide_as_their_longest_cell_and_three);
	suite_add_tcase(suite, all);
	return suite;
}
