/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_step - how long tare-init is waited for. */
#include "launch/step.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/block.h"
#include "kernel/channel.h"
#include "launch/launch.h"

#define PATIENCE_MS 50
#define LATER_MS (4 * PATIENCE_MS)

static const struct step exec_row = { .name = "exec", .act = ACT_EXEC },
			 spawn_row = { .name = "exec", .act = ACT_SPAWN },
			 mounts_row = { .name = "mounts", .act = ACT_MOUNTS };

/* What the other side says first, and last, when our patience is at its end. */
struct other {
	bool is_started;
	bool stays;  /* as long as we listen */
	int failure; /* an errno, 0: none */
};

static void say(int channel, enum message_kind kind, int code)
{
	struct message message = { .kind = kind };
	struct err err = { .code = code, .is_system = true, .text = "exec /bin/program" };

	ck_assert_int_eq(channel_send(channel, &message, sizeof(message), &err,
				      code ? sizeof(err) : 0, NO_FD),
			 0);
}

static pid_t begin(const struct other *other, struct launch *launch)
{
	struct pollfd end = { .events = 0 };
	int theirs;
	pid_t pid;

	ck_assert_int_eq(channel_open(&launch->channel, &theirs), 0);
	if (other->is_started)
		say(theirs, MESSAGE_DONE, 0);
	launch->patience_ms = PATIENCE_MS;
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid > 0) {
		fd_close(theirs);
		return pid;
	}
	fd_close(launch->channel);
	end.fd = theirs;
	poll(&end, 1, other->stays ? -1 : LATER_MS);
	if (other->failure)
		say(theirs, MESSAGE_FAILED, other->failure);
	_exit(0);
}

static int await(const struct step *row, const struct other *other, struct launch *launch)
{
	struct step_list list = { .steps = { row }, .count = 1 };
	pid_t pid = begin(other, launch);
	int result;

	launch->child.pid = pid;
	result = steps_await(&list, launch, 0);
	fd_close(launch->channel);
	if (!launch->is_over)
		waitpid(pid, NULL, 0);
	return result;
}

static void expect(int result, int code, const char *words)
{
	ck_assert_int_eq(result, -code);
	ck_assert_msg(strstr(err_last()->text, words), "%s", err_last()->text);
	err_clear();
}

START_TEST(a_row_that_takes_too_long_is_a_failure)
{
	struct launch launch = LAUNCH_EMPTY;
	const struct other other = { .stays = true };

	expect(await(&mounts_row, &other, &launch), ETIMEDOUT, "did not answer");
}
END_TEST

START_TEST(who_does_not_come_to_its_program_is_a_failure)
{
	struct launch launch = LAUNCH_EMPTY;
	const struct other other = { .stays = true };

	expect(await(&exec_row, &other, &launch), ETIMEDOUT, "did not answer");
}
END_TEST

START_TEST(a_program_may_take_as_long_as_it_needs_to_be_executed)
{
	struct launch launch = LAUNCH_EMPTY;
	const struct other other = { .is_started = true };

	ck_assert_int_eq(await(&exec_row, &other, &launch), 0);
}
END_TEST

START_TEST(a_program_that_cannot_be_executed_after_all_says_why)
{
	struct launch launch = LAUNCH_EMPTY;
	const struct other other = { .is_started = true, .failure = EIO };

	expect(await(&exec_row, &other, &launch), EIO, "exec /bin/program");
}
END_TEST

START_TEST(an_exec_is_waited_for_once_its_process_is_there)
{
	struct launch launch = LAUNCH_EMPTY;
	const struct other other = { 0 };
	pid_t born = 1;

	launch.born = &born;
	ck_assert_int_eq(await(&spawn_row, &other, &launch), 0);
}
END_TEST

START_TEST(an_exec_that_comes_to_no_process_is_a_failure)
{
	struct launch launch = LAUNCH_EMPTY;
	const struct other other = { .stays = true };
	pid_t born = 0;

	launch.born = &born;
	expect(await(&spawn_row, &other, &launch), ETIMEDOUT, "did not answer");
}
END_TEST

Suite *test_launch_step(void);
Suite *test_launch_step(void)
{
	Suite *suite = suite_create("launch/step");
	TCase *tests = tcase_create("step");

	tcase_set_timeout(tests, 30); /* under valgrind or beside others */
	tcase_add_test(tests, a_row_that_takes_too_long_is_a_failure);
	tcase_add_test(tests, who_does_not_come_to_its_program_is_a_failure);
	tcase_add_test(tests, a_program_may_take_as_long_as_it_needs_to_be_executed);
	tcase_add_test(tests, a_program_that_cannot_be_executed_after_all_says_why);
	tcase_add_test(tests, an_exec_is_waited_for_once_its_process_is_there);
	tcase_add_test(tests, an_exec_that_comes_to_no_process_is_a_failure);
	suite_add_tcase(suite, tests);
	return suite;
}
