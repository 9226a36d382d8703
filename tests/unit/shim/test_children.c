/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_children - helpers of the shim: what they may see, and that they end. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "shim/loop/children.h"

Suite *test_shim_children(void);

#define LONG_MS 60000 /* longer than any test */

static struct loop loop;
static struct children children;
static struct timer limit;
static struct job job;
static int ended_with, is_gone;

static void on_limit(struct timer *timer)
{
	(void)timer;
	loop_stop(&loop);
}

static void on_ended(struct job *ended, int status)
{
	ended_with = status;
	job_release(ended);
	loop_stop(&loop);
}

static void on_left(struct children *all, pid_t pid, int status)
{
	(void)all;
	ck_abort_msg("%d has ended with %d, and is nobody's", (int)pid, status);
}

static void on_gone(struct children *all)
{
	is_gone++;
	loop_stop(all->loop);
}

static void set_up(void)
{
	job = JOB_NONE;
	job.ended = on_ended;
	ended_with = -1;
	is_gone = 0;
	ck_assert_int_eq(loop_init(&loop), 0);
	ck_assert_int_eq(children_init(&children, &loop), 0);
	children.left = on_left;
	children.gone = on_gone;
}

static void tear_down(void)
{
	children_release(&children);
	loop_release(&loop);
}

static void run(void)
{
	limit = (struct timer){ .due = on_limit };
	loop.is_over = false;
	timer_start(&loop, &limit, 20000);
	ck_assert_int_eq(loop_run(&loop), 0);
	timer_stop(&limit);
}

/* A child that has said one byte: it is as far as that. */
static void await_byte(int fd)
{
	char byte;

	ck_assert_int_eq(read(fd, &byte, 1), 1);
}

static pid_t begin(bool heeds_term, int said)
{
	pid_t pid = children_fork(&children, &job, -1);

	if (pid == 0) {
		if (!heeds_term)
			signal(SIGTERM, SIG_IGN);
		if (write(said, "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	ck_assert_int_gt(pid, 0);
	return pid;
}

static void dismiss(bool heeds_term, int ms)
{
	int said[2];
	pid_t pid;

	ck_assert_int_eq(pipe2(said, O_CLOEXEC), 0);
	pid = begin(heeds_term, said[1]);
	await_byte(said[0]);
	job_dismiss(&job, &children, ms);
	ck_assert_int_eq(job.pid, 0);
	ck_assert_int_eq(job.said, NO_FD);
	ck_assert_uint_eq(children.dismissed, 1);
	run();
	ck_assert_int_eq(is_gone, 1);
	ck_assert_uint_eq(children.dismissed, 0);
	ck_assert_int_eq(ended_with, -1); /* its owner is not told */
	ck_assert_int_eq(kill(pid, 0), -1);
	ck_assert_int_eq(errno, ESRCH);
	fd_close(said[0]);
	fd_close(said[1]);
}

START_TEST(who_is_dismissed_is_asked_to_end)
{
	dismiss(true, LONG_MS);
}
END_TEST

START_TEST(who_does_not_heed_that_is_killed_in_the_end)
{
	dismiss(false, 50);
}
END_TEST

START_TEST(who_has_ended_needs_no_dismissal)
{
	job_dismiss(&job, &children, LONG_MS);
	ck_assert_uint_eq(children.dismissed, 0);
	ck_assert_int_eq(is_gone, 0);
}
END_TEST

START_TEST(the_limit_of_files_is_lifted_but_not_for_children)
{
	struct rlimit now, before;
	pid_t pid;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	before.rlim_cur = 64;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	children_release(&children);
	ck_assert_int_eq(children_init(&children, &loop), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &now), 0);
	ck_assert_uint_eq(now.rlim_cur, before.rlim_max);
	pid = children_fork(&children, &job, -1);
	if (pid == 0)
		_exit(getrlimit(RLIMIT_NOFILE, &now) < 0 || now.rlim_cur != 64);
	ck_assert_int_gt(pid, 0);
	run();
	ck_assert_int_eq(ended_with, 0);
}
END_TEST

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* Bits of what is wrong. */
static int look(const int fds[5])
{
	const int kept[] = { fds[3], NO_FD, fds[1] };

	job_close_others(&job, kept, ARRAY_SIZE(kept));
	return (!is_open(STDERR_FILENO) ? 1 : 0) | (!is_open(job.said) ? 2 : 0) |
	       (!is_open(fds[1]) || !is_open(fds[3]) ? 4 : 0) |
	       (is_open(fds[0]) || is_open(fds[2]) || is_open(fds[4]) ? 8 : 0);
}

START_TEST(a_child_keeps_only_what_it_needs)
{
	int fds[5];
	pid_t pid;

	for (int i = 0; i < 5; i++) {
		fds[i] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 20 + 3 * i);
		ck_assert_int_ge(fds[i], 20);
	}
	pid = children_fork(&children, &job, -1);
	if (pid == 0)
		_exit(look(fds));
	ck_assert_int_gt(pid, 0);
	run();
	ck_assert_int_eq(ended_with, 0);
	for (int i = 0; i < 5; i++)
		fd_close(fds[i]);
}
END_TEST

Suite *test_shim_children(void)
{
	Suite *suite = suite_create("shim: children");
	TCase *tests = tcase_create("all");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, who_is_dismissed_is_asked_to_end);
	tcase_add_test(tests, who_does_not_heed_that_is_killed_in_the_end);
	tcase_add_test(tests, who_has_ended_needs_no_dismissal);
	tcase_add_test(tests, the_limit_of_files_is_lifted_but_not_for_children);
	tcase_add_test(tests, a_child_keeps_only_what_it_needs);
	suite_add_tcase(suite, tests);
	return suite;
}
