/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_global - what the options before the command decide. */
#include <check.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "cli/global.h"

#define UNSAID struct global_values values = GLOBAL_VALUES_UNSAID

START_TEST(only_errors_are_written_when_nothing_is_said)
{
	UNSAID;

	ck_assert_int_eq(global_log_level(&values), LOG_ERROR);
}
END_TEST

START_TEST(a_text_log_has_warnings_and_a_json_log_has_not)
{
	UNSAID;

	values.log = "/l";
	ck_assert_int_eq(global_log_level(&values), LOG_WARNING);
	values.log_format = LOG_JSON;
	ck_assert_int_eq(global_log_level(&values), LOG_ERROR);
}
END_TEST

START_TEST(stderr_is_not_a_log_file)
{
	UNSAID;

	values.log = "/dev/stderr";
	ck_assert_int_eq(global_log_level(&values), LOG_ERROR);
	values.log = "";
	ck_assert_int_eq(global_log_level(&values), LOG_ERROR);
}
END_TEST

START_TEST(debug_and_log_level_ask_for_more_in_any_log)
{
	UNSAID;

	values.log_format = LOG_JSON;
	values.is_debug = true;
	ck_assert_int_eq(global_log_level(&values), LOG_DEBUG);
	values.log_level = LOG_WARNING;
	ck_assert_int_eq(global_log_level(&values), LOG_WARNING);
}
END_TEST

static int runtime_of(const struct global_values *values, struct runtime *ret_runtime)
{
	static char *root;

	free(root); /* of the call before: the runtime points to it */
	root = NULL;
	return global_runtime(values, ret_runtime, &root);
}

START_TEST(the_root_is_made_absolute)
{
	struct runtime runtime;
	UNSAID;

	ck_assert_int_eq(chdir("/tmp"), 0);
	values.root = "a/./b/../c/";
	ck_assert_int_eq(runtime_of(&values, &runtime), 0);
	ck_assert_str_eq(runtime.root, "/tmp/a/c");
	ck_assert(runtime.is_root_given);
}
END_TEST

START_TEST(the_root_of_the_host_is_refused_in_every_spelling)
{
	static const char *const roots[] = { "/",     "//", "/a/..",
					     "/../.", "",   "../../../../../../.." };
	struct runtime runtime;
	UNSAID;

	ck_assert_int_eq(chdir("/tmp"), 0);
	values.root = roots[_i];
	ck_assert_int_lt(runtime_of(&values, &runtime), 0);
	err_clear();
}
END_TEST

START_TEST(without_a_runtime_directory_the_root_is_in_run)
{
	struct runtime runtime;
	UNSAID;

	unsetenv("XDG_RUNTIME_DIR");
	ck_assert_int_eq(runtime_of(&values, &runtime), 0);
	ck_assert_str_eq(runtime.root, "/run/tare");
	ck_assert(!runtime.is_root_given);
}
END_TEST

START_TEST(only_a_user_has_its_root_in_the_runtime_directory)
{
	struct runtime runtime;
	UNSAID;

	/* Also of root in a user namespace, so that this test says the same there. */
	setenv("USER", "root", 1);
	setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
	ck_assert_int_eq(runtime_of(&values, &runtime), 0);
	ck_assert_str_eq(runtime.root, geteuid() == 0 ? "/run/tare" : "/run/user/7/tare");
}
END_TEST

START_TEST(both_ways_to_ask_for_systemd_are_the_same)
{
	struct runtime runtime;
	UNSAID;

	values.is_systemd = true;
	ck_assert_int_eq(runtime_of(&values, &runtime), 0);
	ck_assert(runtime.is_systemd);
	ck_assert_int_eq(runtime.cgroup_manager, CGROUP_MANAGER_SYSTEMD);
	values.is_systemd = false;
	values.cgroup_manager = CGROUP_MANAGER_SYSTEMD;
	ck_assert_int_eq(runtime_of(&values, &runtime), 0);
	ck_assert(runtime.is_systemd);
}
END_TEST

START_TEST(a_contradiction_about_cgroups_is_refused)
{
	struct runtime runtime;
	UNSAID;

	values.is_systemd = true;
	values.cgroup_manager = CGROUP_MANAGER_DISABLED;
	ck_assert_int_lt(runtime_of(&values, &runtime), 0);
	err_clear();
}
END_TEST

START_TEST(options_behind_the_command_are_left_to_it)
{
	static const char *const words[] = {
		"--root=/r",        "-log-format", "json",    "-V",
		"--rootless=false", "create",      "--debug", NULL
	};
	struct global global;

	ck_assert_int_eq(global_parse(words, &global), 0);
	ck_assert_str_eq(global.values.root, "/r");
	ck_assert_int_eq(global.values.log_format, LOG_JSON);
	ck_assert_int_eq(global.values.rootless, ROOTLESS_FALSE);
	ck_assert(global.values.wants_version && !global.values.is_debug);
	ck_assert_uint_eq(global.rest.count, 2);
	ck_assert_str_eq(global.rest.arguments[1], "--debug");
	global_release(&global);
}
END_TEST

Suite *test_cli_global(void);
Suite *test_cli_global(void)
{
	Suite *suite = suite_create("cli/global");
	TCase *log = tcase_create("log");
	TCase *runtime = tcase_create("runtime");

	tcase_add_test(log, only_errors_are_written_when_nothing_is_said);
	tcase_add_test(log, a_text_log_has_warnings_and_a_json_log_has_not);
	tcase_add_test(log, stderr_is_not_a_log_file);
	tcase_add_test(log, debug_and_log_level_ask_for_more_in_any_log);
	tcase_add_test(runtime, the_root_is_made_absolute);
	tcase_add_loop_test(runtime, the_root_of_the_host_is_refused_in_every_spelling, 0, 6);
	tcase_add_test(runtime, without_a_runtime_directory_the_root_is_in_run);
	tcase_add_test(runtime, only_a_user_has_its_root_in_the_runtime_directory);
	tcase_add_test(runtime, both_ways_to_ask_for_systemd_are_the_same);
	tcase_add_test(runtime, a_contradiction_about_cgroups_is_refused);
	tcase_add_test(runtime, options_behind_the_command_are_left_to_it);
	suite_add_tcase(suite, log);
	suite_add_tcase(suite, runtime);
	return suite;
}
