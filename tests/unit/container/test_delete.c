/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_delete - killing and deleting, with processes in place of containers. */
#include "container/delete.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "container/kill.h"
#include "fixture.h"

static bool is_there(const char *name)
{
	return access(fixture_path(name), F_OK) == 0;
}

/* How the process ended, by which signal. */
static int ending(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WTERMSIG(status);
}

/* ---- kill ---- */

START_TEST(a_signal_reaches_init)
{
	pid_t pid = fixture_process();

	fixture_container("c", RECORD_RUNNING, pid);
	ck_assert_int_eq(container_kill(&runtime, "c", 0, false), 0);
	ck_assert_int_eq(container_kill(&runtime, "c", SIGUSR1, false), 0);
	ck_assert_int_eq(ending(pid), SIGUSR1);
}
END_TEST

START_TEST(a_stopped_container_is_not_running)
{
	fixture_container("c", RECORD_STOPPED, 0);
	expect_refused(container_kill(&runtime, "c", SIGTERM, false), "container not running");
	ck_assert_int_eq(container_kill(&runtime, "c", SIGKILL, true), 0);
}
END_TEST

START_TEST(another_process_with_the_pid_is_not_killed)
{
	pid_t pid = fixture_process();
	struct record record = fixture_record("c", RECORD_RUNNING, pid);

	record.pid_inode.value++;
	record.start_time.value++;
	fixture_container_with(&record);
	expect_refused(container_kill(&runtime, "c", SIGKILL, false), "container not running");
	ck_assert_int_eq(container_delete(&runtime, "c", true), 0);
	ck_assert_int_eq(kill(pid, 0), 0);
}
END_TEST

START_TEST(killing_an_unknown_container_is_refused)
{
	expect_refused(container_kill(&runtime, "c", SIGKILL, true),
		       "container does not exist");
}
END_TEST

/* ---- delete ---- */

START_TEST(a_stopped_container_goes)
{
	fixture_container("c", RECORD_STOPPED, 0);
	ck_assert_int_eq(container_delete(&runtime, "c", false), 0);
	ck_assert(!is_there("root/c"));
}
END_TEST

START_TEST(a_created_container_is_killed_and_goes)
{
	pid_t pid = fixture_waiting_process();

	fixture_container("c", RECORD_CREATED, pid);
	ck_assert_int_eq(container_delete(&runtime, "c", false), 0);
	ck_assert_int_eq(ending(pid), SIGKILL);
	ck_assert(!is_there("root/c"));
}
END_TEST

START_TEST(a_running_container_goes_only_by_force)
{
	pid_t pid = fixture_process();

	fixture_container("c", RECORD_RUNNING, pid);
	expect_refused(container_delete(&runtime, "c", false),
		       "cannot delete container c that is not stopped: running");
	ck_assert(is_there("root/c/state.json"));
	ck_assert_int_eq(container_delete(&runtime, "c", true), 0);
	ck_assert_int_eq(ending(pid), SIGKILL);
	ck_assert(!is_there("root/c"));
}
END_TEST

START_TEST(an_unknown_container_is_an_error_but_by_force)
{
	expect_refused(container_delete(&runtime, "c", false), "container does not exist");
	ck_assert_int_eq(container_delete(&runtime, "c", true), 0);
	ck_assert(!is_there("root"));
	expect_refused(container_delete(&runtime, "../c", true), "invalid container ID format");
}
END_TEST

START_TEST(what_a_killed_create_left_goes_by_force)
{
	pid_t pid = fixture_process();

	fixture_container("c", RECORD_CREATING, pid);
	expect_refused(container_delete(&runtime, "c", false),
		       "cannot delete container c that is not stopped: creating");
	ck_assert_int_eq(container_delete(&runtime, "c", true), 0);
	ck_assert_int_eq(ending(pid), SIGKILL);
	ck_assert(!is_there("root/c"));
}
END_TEST

START_TEST(a_directory_without_a_record_goes)
{
	fixture_container("other", RECORD_STOPPED, 0);
	ck_assert_int_eq(mkdir(fixture_path("root/c"), 0700), 0);
	ck_assert_int_eq(container_delete(&runtime, "c", true), 0);
	ck_assert(!is_there("root/c"));
	ck_assert_int_eq(mkdir(fixture_path("root/c"), 0700), 0);
	expect_refused(container_delete(&runtime, "c", false), "container does not exist");
	ck_assert(!is_there("root/c"));
}
END_TEST

START_TEST(a_damaged_record_goes_by_force)
{
	FILE *file;

	fixture_container("c", RECORD_STOPPED, 0);
	file = fopen(fixture_path("root/c/state.json"), "w");
	fputs("{\"phase\":", file);
	fclose(file);
	expect_refused(container_delete(&runtime, "c", false), "state.json");
	ck_assert(is_there("root/c"));
	ck_assert_int_eq(container_delete(&runtime, "c", true), 0);
	ck_assert(!is_there("root/c"));
}
END_TEST

/* ---- poststop ---- */

static void container_with_hook(const char *script)
{
	const char *args[] = { "sh", "-c", script };
	struct oci_hook hook = {
		.path = "/bin/sh",
		.args = { .items = args, .count = 3, .is_set = true },
	};
	struct oci_hooks hooks = { .poststop = { .items = &hook, .count = 1, .is_set = true } };
	struct record record = fixture_record("c", RECORD_STOPPED, 0);

	record.hooks = &hooks;
	fixture_container_with(&record);
}

START_TEST(poststop_hooks_hear_of_the_stopped_container)
{
	char text[512];
	FILE *file;

	container_with_hook("cat > told");
	ck_assert_int_eq(container_delete(&runtime, "c", false), 0);
	file = fopen(fixture_path("told"), "r");
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), file));
	fclose(file);
	ck_assert_ptr_eq(strstr(text, "{\"ociVersion\":\"1.3.0\",\"id\":\"c\","
				      "\"status\":\"stopped\",\"bundle\":\""),
			 text);
}
END_TEST

START_TEST(a_failing_poststop_hook_does_not_keep_the_container)
{
	char log[256];

	snprintf(log, sizeof(log), "%s", fixture_path("log"));
	ck_assert_int_eq(log_open(log, LOG_TEXT, LOG_WARNING), 0);
	container_with_hook("exit 1");
	ck_assert_int_eq(container_delete(&runtime, "c", false), 0);
	ck_assert_int_eq(err_last()->code, 0);
	ck_assert(!is_there("root/c"));
	ck_assert(is_there("log"));
}
END_TEST

START_TEST(of_two_who_delete_at_once_one_works)
{
	pid_t others[6];
	int good = 0;

	container_with_hook("sleep 0.2; echo x >> ran");
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		others[i] = fork();
		if (others[i] == 0)
			_exit(container_delete(&runtime, "c", false) == 0 ? 0 : 1);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		int status;

		waitpid(others[i], &status, 0);
		good += status == 0;
	}
	ck_assert_int_eq(good, 1);
	{
		struct stat about;

		ck_assert_int_eq(stat(fixture_path("ran"), &about), 0);
		ck_assert_int_eq(about.st_size, 2);
	}
}
END_TEST

/* Whether the kernel lets go of a group is not the question here: which one is asked for. */
static void delete_with_group(bool is_made)
{
	struct record record = fixture_record("c", RECORD_STOPPED, 0);
	char group[256], monitor[256];

	snprintf(group, sizeof(group), "%s", fixture_path("group"));
	snprintf(monitor, sizeof(monitor), "%s", fixture_path("group/c"));
	ck_assert_int_eq(mkdir(group, 0700), 0);
	ck_assert_int_eq(mkdir(monitor, 0700), 0);
	record.resctrl = group;
	record.resctrl_monitor = monitor;
	record.is_resctrl_made = (struct oci_bool)OCI_SET(is_made);
	fixture_container_with(&record);
	ck_assert_int_eq(container_delete(&runtime, "c", false), 0);
	ck_assert(!is_there("group/c"));
}

START_TEST(a_group_of_resctrl_that_was_made_goes)
{
	delete_with_group(true);
	ck_assert(!is_there("group"));
}
END_TEST

START_TEST(a_group_of_resctrl_that_was_there_stays)
{
	delete_with_group(false);
	ck_assert(is_there("group"));
}
END_TEST

Suite *test_container_delete(void);
Suite *test_container_delete(void)
{
	Suite *suite = suite_create("container/delete");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 30);
	tcase_add_checked_fixture(all, fixture_begin, fixture_end);
	tcase_add_test(all, a_signal_reaches_init);
	tcase_add_test(all, a_stopped_container_is_not_running);
	tcase_add_test(all, another_process_with_the_pid_is_not_killed);
	tcase_add_test(all, killing_an_unknown_container_is_refused);
	tcase_add_test(all, a_stopped_container_goes);
	tcase_add_test(all, a_created_container_is_killed_and_goes);
	tcase_add_test(all, a_running_container_goes_only_by_force);
	tcase_add_test(all, an_unknown_container_is_an_error_but_by_force);
	tcase_add_test(all, what_a_killed_create_left_goes_by_force);
	tcase_add_test(all, a_directory_without_a_record_goes);
	tcase_add_test(all, a_damaged_record_goes_by_force);
	tcase_add_test(all, poststop_hooks_hear_of_the_stopped_container);
	tcase_add_test(all, a_failing_poststop_hook_does_not_keep_the_container);
	tcase_add_test(all, a_group_of_resctrl_that_was_made_goes);
	tcase_add_test(all, a_group_of_resctrl_that_was_there_stays);
	tcase_add_test(all, of_two_who_delete_at_once_one_works);
	suite_add_tcase(suite, all);
	return suite;
}
