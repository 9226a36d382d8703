/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_states - what may be done to a process, and when. */
#include <check.h>
#include <string.h>

#include "shim/task/states.h"

Suite *test_shim_states(void);

/* The rows of the table in the words of who relies on them; "" is allowed. */
static const char *const init_words[ACTIONS][STATES] = {
	[ACTION_START] = { "", "", "running", "paused", "stopped", "not created" },
	[ACTION_DELETE] = { "", "", "running", "paused", "", "not created" },
	[ACTION_PAUSE] = { "created", "created", "", "paused", "stopped", "not created" },
	[ACTION_RESUME] = { "created", "created", "running", "", "stopped", "not created" },
	[ACTION_UPDATE] = { "", "restored", "", "", "stopped", "not created" },
	[ACTION_CHECKPOINT] = { "created", "created", "", "", "stopped", "not created" },
	[ACTION_EXEC] = { "", "created", "", "paused", "stopped", "not created" },
	[ACTION_KILL] = { "", "", "", "", "", "not created" },
	[ACTION_RESIZE] = { "", "", "", "", "stopped", "not created" },
};

START_TEST(every_action_is_allowed_or_refused_by_the_states_name)
{
	for (int action = 0; action < ACTIONS; action++)
		for (int state = 0; state < STATES; state++) {
			const char *word = init_words[action][state];
			const char *refusal =
				state_refusal((enum state)state, (enum action)action);

			ck_assert_msg(!refusal == !*word, "action %d, state %d", action, state);
			if (refusal)
				ck_assert_ptr_nonnull(strstr(refusal, word));
		}
}
END_TEST

START_TEST(an_exec_is_started_once_and_deleted_when_it_does_not_run)
{
	ck_assert_ptr_null(state_exec_refusal(STATE_CREATED, ACTION_START));
	ck_assert_ptr_nonnull(state_exec_refusal(STATE_RUNNING, ACTION_START));
	ck_assert_ptr_nonnull(state_exec_refusal(STATE_STOPPED, ACTION_START));
	ck_assert_ptr_null(state_exec_refusal(STATE_CREATED, ACTION_DELETE));
	ck_assert_ptr_nonnull(state_exec_refusal(STATE_RUNNING, ACTION_DELETE));
	ck_assert_ptr_null(state_exec_refusal(STATE_STOPPED, ACTION_DELETE));
	ck_assert_str_eq(state_exec_refusal(STATE_STOPPED, ACTION_KILL),
			 "process already finished");
}
END_TEST

START_TEST(what_has_ended_never_runs_again)
{
	for (int event = 0; event < EVENTS; event++) {
		enum state after = state_after(STATE_STOPPED, (enum event)event);

		ck_assert_int_eq(after, event == EVENT_DELETED ? STATE_DELETED : STATE_STOPPED);
		ck_assert_int_eq(state_after(STATE_DELETED, (enum event)event), STATE_DELETED);
	}
}
END_TEST

START_TEST(a_process_may_end_in_every_state)
{
	for (int state = STATE_CREATED; state <= STATE_PAUSED; state++)
		ck_assert_int_eq(state_after((enum state)state, EVENT_EXITED), STATE_STOPPED);
}
END_TEST

START_TEST(an_answer_that_comes_too_late_changes_nothing)
{
	ck_assert_int_eq(state_after(STATE_STOPPED, EVENT_PAUSED), STATE_STOPPED);
	ck_assert_int_eq(state_after(STATE_CREATED, EVENT_RESUMED), STATE_CREATED);
	ck_assert_int_eq(state_after(STATE_RUNNING, EVENT_PAUSED), STATE_PAUSED);
	ck_assert_int_eq(state_after(STATE_PAUSED, EVENT_RESUMED), STATE_RUNNING);
	ck_assert_int_eq(state_after(STATE_RESTORABLE, EVENT_STARTED), STATE_RUNNING);
}
END_TEST

START_TEST(clients_see_four_of_the_states)
{
	ck_assert_int_eq(state_status(STATE_CREATED), STATUS_CREATED);
	ck_assert_int_eq(state_status(STATE_RESTORABLE), STATUS_CREATED);
	ck_assert_int_eq(state_status(STATE_RUNNING), STATUS_RUNNING);
	ck_assert_int_eq(state_status(STATE_PAUSED), STATUS_PAUSED);
	ck_assert_int_eq(state_status(STATE_STOPPED), STATUS_STOPPED);
}
END_TEST

Suite *test_shim_states(void)
{
	Suite *suite = suite_create("shim: states");
	TCase *tests = tcase_create("states");

	tcase_add_test(tests, every_action_is_allowed_or_refused_by_the_states_name);
	tcase_add_test(tests, an_exec_is_started_once_and_deleted_when_it_does_not_run);
	tcase_add_test(tests, what_has_ended_never_runs_again);
	tcase_add_test(tests, a_process_may_end_in_every_state);
	tcase_add_test(tests, an_answer_that_comes_too_late_changes_nothing);
	tcase_add_test(tests, clients_see_four_of_the_states);
	suite_add_tcase(suite, tests);
	return suite;
}
