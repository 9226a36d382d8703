/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_hook - hooks are real programs here: small scripts for /bin/sh. */
#include "hooks/hook.h"

#include <check.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "tests/unit/scratch.h"

static char top[64];
static const struct hook_place here = { .pidfd = NO_FD, .pid_namespace = NO_FD };

static void make_directory(void)
{
	make_scratch(top);
	ck_assert_int_eq(chmod(top, 0755), 0);
}

static void remove_directory(void)
{
	_cleanup_free_ char *command = xprintf("rm -rf %s", top);

	err_clear();
	ck_assert_int_eq(system(command), 0);
}

static int run_script(const char *script, int timeout, const char *state)
{
	char *args[] = { (char[]){ "hook" }, (char[]){ "-c" }, xstrdup(script), NULL };
	char *env[] = { (char[]){ "COLOUR=blue" }, NULL };
	struct hook hook = { "/bin/sh", args, env, timeout };
	const struct hook_list list = { "createRuntime", &hook, 1 };
	int r = hooks_run(&list, &here, top, state);

	free(args[2]);
	return r;
}

static const char *failure(void)
{
	static char text[ERR_TEXT_MAX];

	ck_assert_int_ne(err_last()->code, 0);
	err_text(err_last(), text, sizeof(text));
	err_clear();
	return text;
}

static const char *written(const char *name)
{
	static char text[4096];
	_cleanup_free_ char *path = xprintf("%s/%s", top, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	ck_assert_int_ge(fd, 0);
	n = fd_read_all(fd, text, sizeof(text) - 1);
	ck_assert_int_ge(n, 0);
	text[n] = '\0';
	close(fd);
	return text;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

START_TEST(the_state_comes_on_stdin_and_ends)
{
	ck_assert_int_eq(run_script("cat > state", 0, "{\"id\":\"a/b\"}"), 0);
	ck_assert_str_eq(written("state"), "{\"id\":\"a/b\"}");
}
END_TEST

START_TEST(a_state_larger_than_a_pipe_arrives_whole)
{
	char *state = xcalloc(300001, 1);

	memset(state, 'x', 300000);
	ck_assert_int_eq(run_script("wc -c > count", 0, state), 0);
	ck_assert_int_eq(atoi(written("count")), 300000);
	free(state);
}
END_TEST

START_TEST(a_hook_that_does_not_read_is_no_trouble)
{
	char *state = xcalloc(300001, 1);

	memset(state, 'x', 300000);
	ck_assert_int_eq(run_script("exec 0<&-; exit 0", 0, state), 0);
	ck_assert_int_eq(run_script("exit 0", 0, state), 0);
	free(state);
}
END_TEST

START_TEST(a_hook_runs_in_the_bundle_with_its_own_environment)
{
	char real[PATH_MAX];

	ck_assert_ptr_nonnull(realpath(top, real));
	setenv("LD_EVIL", "1", 1);
	ck_assert_int_eq(run_script("pwd > where; echo $COLOUR$LD_EVIL > env", 0, ""), 0);
	ck_assert_int_eq(strncmp(written("where"), real, strlen(real)), 0);
	ck_assert_str_eq(written("env"), "blue\n");
}
END_TEST

START_TEST(without_env_a_hook_has_the_runtimes)
{
	char *args[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "echo $TASTE > taste" },
			 NULL };
	struct hook hook = { "/bin/sh", args, NULL, 0 };
	const struct hook_list list = { "poststart", &hook, 1 };

	setenv("TASTE", "salty", 1);
	ck_assert_int_eq(hooks_run(&list, &here, top, ""), 0);
	ck_assert_str_eq(written("taste"), "salty\n");
}
END_TEST

START_TEST(a_hook_inherits_no_descriptor_but_stdio)
{
	int stray = open("/dev/null", O_RDONLY); /* on purpose without O_CLOEXEC */

	ck_assert_int_ge(stray, 3);
	ck_assert_int_eq(run_script("for fd in 3 4 5 6 7 8 9; do "
				    "[ -e /proc/self/fd/$fd ] && echo $fd; done > fds; exit 0",
				    0, ""),
			 0);
	ck_assert_str_eq(written("fds"), "");
	close(stray);
}
END_TEST

START_TEST(a_hook_has_ordinary_signals)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(run_script("awk '/Sig(Blk|Ign)/ { print $1 substr($2, 10) }' "
				    "/proc/self/status > signals",
				    0, ""),
			 0);
	ck_assert_str_eq(written("signals"), "SigBlk:0000000\nSigIgn:0000000\n");
}
END_TEST

START_TEST(a_failing_hook_is_named_with_its_output)
{
	ck_assert_int_lt(run_script("echo out; echo err >&2; exit 3", 0, ""), 0);
	ck_assert_str_eq(failure(), "error running createRuntime hook #0: /bin/sh: "
				    "exit status 3, stdout: out, stderr: err");
}
END_TEST

START_TEST(a_killed_hook_is_told_by_its_signal)
{
	ck_assert_int_lt(run_script("kill -SYS $$", 0, ""), 0);
	ck_assert_ptr_nonnull(strstr(failure(), "signal: bad system call"));
	ck_assert_int_lt(run_script("kill -KILL $$", 0, ""), 0);
	ck_assert_ptr_nonnull(strstr(failure(), "signal: killed, stdout: , stderr: "));
}
END_TEST

START_TEST(a_hook_that_takes_too_long_is_killed_with_its_children)
{
	double begin = seconds();

	ck_assert_int_lt(run_script("sh -c 'sleep 2; echo alive > late' & sleep 20", 1, ""), 0);
	ck_assert_ptr_nonnull(strstr(failure(), "hook ran past specified timeout of 1.0s"));
	ck_assert(seconds() - begin < 10);
	sleep(2);
	{
		_cleanup_free_ char *late = xprintf("%s/late", top);

		ck_assert_int_ne(access(late, F_OK), 0);
	}
}
END_TEST

START_TEST(a_grandchild_that_keeps_the_pipes_does_not_hold_us)
{
	double begin = seconds();

	ck_assert_int_eq(run_script("sleep 20 & echo $! > pid; exit 0", 0, ""), 0);
	ck_assert(seconds() - begin < 10);
	ck_assert_int_eq(kill(atoi(written("pid")), SIGKILL), 0);
}
END_TEST

START_TEST(of_much_output_the_end_is_kept)
{
	const char *text;

	ck_assert_int_lt(
		run_script("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done "
			   ">&2; exit 1",
			   0, ""),
		0);
	text = failure();
	ck_assert_ptr_nonnull(strstr(text, "line 19999"));
	ck_assert_ptr_null(strstr(text, "line 1000\n"));
}
END_TEST

START_TEST(a_missing_program_is_told_with_its_reason)
{
	char *args[] = { (char[]){ "x" }, NULL };
	struct hook hook = { "/no/such/hook", args, NULL, 0 };
	const struct hook_list list = { "prestart", &hook, 1 };

	ck_assert_int_lt(hooks_run(&list, &here, top, ""), 0);
	ck_assert_str_eq(failure(), "error running prestart hook #0: exec /no/such/hook: "
				    "no such file or directory");
}
END_TEST

START_TEST(the_first_failure_stops_the_rest)
{
	char *fine[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "echo x >> ran" },
			 NULL };
	char *bad[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "exit 1" }, NULL };
	struct hook hooks[] = {
		{ "/bin/sh", fine, NULL, 0 },
		{ "/bin/sh", bad, NULL, 0 },
		{ "/bin/sh", fine, NULL, 0 },
	};
	const struct hook_list list = { "createContainer", hooks, 3 };

	ck_assert_int_lt(hooks_run(&list, NULL, top, ""), 0);
	ck_assert_ptr_nonnull(strstr(failure(), "error running createContainer hook #1:"));
	ck_assert_str_eq(written("ran"), "x\n");
}
END_TEST

START_TEST(poststop_hooks_go_on_after_a_failure)
{
	char *fine[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "echo x >> ran" },
			 NULL };
	char *bad[] = { (char[]){ "sh" }, (char[]){ "-c" }, (char[]){ "exit 1" }, NULL };
	struct hook hooks[] = {
		{ "/bin/sh", bad, NULL, 0 },
		{ "/bin/sh", fine, NULL, 0 },
	};
	const struct hook_list list = { "poststop", hooks, 2 };
	_cleanup_free_ char *log = xprintf("%s/log", top);

	ck_assert_int_eq(log_open(log, LOG_TEXT, LOG_WARNING), 0);
	hooks_run_all(&list, top, "");
	ck_assert_int_eq(err_last()->code, 0);
	ck_assert_str_eq(written("ran"), "x\n");
	ck_assert_ptr_nonnull(strstr(written("log"), "error running poststop hook #0"));
}
END_TEST

START_TEST(a_caller_that_ignores_its_children_still_learns_the_status)
{
	signal(SIGCHLD, SIG_IGN);
	ck_assert_int_eq(run_script("exit 0", 0, ""), 0);
	ck_assert_int_lt(run_script("exit 7", 0, ""), 0);
	ck_assert_ptr_nonnull(strstr(failure(), "exit status 7"));
	signal(SIGCHLD, SIG_DFL);
}
END_TEST

START_TEST(closed_stdio_does_not_confuse_the_pipes)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		close(0);
		close(1);
		close(2);
		_exit(run_script("cat > state; echo out; echo err >&2", 0, "hello") == 0 ? 0
											 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(written("state"), "hello");
}
END_TEST

Suite *test_hooks_hook(void);
Suite *test_hooks_hook(void)
{
	Suite *suite = suite_create("hooks/hook");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 40);
	tcase_add_checked_fixture(all, make_directory, remove_directory);
	tcase_add_test(all, the_state_comes_on_stdin_and_ends);
	tcase_add_test(all, a_state_larger_than_a_pipe_arrives_whole);
	tcase_add_test(all, a_hook_that_does_not_read_is_no_trouble);
	tcase_add_test(all, a_hook_runs_in_the_bundle_with_its_own_environment);
	tcase_add_test(all, without_env_a_hook_has_the_runtimes);
	tcase_add_test(all, a_hook_inherits_no_descriptor_but_stdio);
	tcase_add_test(all, a_hook_has_ordinary_signals);
	tcase_add_test(all, a_failing_hook_is_named_with_its_output);
	tcase_add_test(all, a_killed_hook_is_told_by_its_signal);
	tcase_add_test(all, a_hook_that_takes_too_long_is_killed_with_its_children);
	tcase_add_test(all, a_grandchild_that_keeps_the_pipes_does_not_hold_us);
	tcase_add_test(all, of_much_output_the_end_is_kept);
	tcase_add_test(all, a_missing_program_is_told_with_its_reason);
	tcase_add_test(all, the_first_failure_stops_the_rest);
	tcase_add_test(all, poststop_hooks_go_on_after_a_failure);
	tcase_add_test(all, a_caller_that_ignores_its_children_still_learns_the_status);
	tcase_add_test(all, closed_stdio_does_not_confuse_the_pipes);
	suite_add_tcase(suite, all);
	return suite;
}
