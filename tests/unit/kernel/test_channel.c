/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_channel - packets between two processes, here in one. */
#include "kernel/channel.h"

#include <check.h>
#include <errno.h>

#include "base/err.h"
#include "base/fd.h"

START_TEST(what_was_said_before_the_end_is_heard_even_if_our_words_were_not)
{
	_cleanup_close_ int ours = NO_FD;
	int theirs, word = 7, heard = 0;

	ck_assert_int_eq(channel_open(&ours, &theirs), 0);
	ck_assert_int_eq(channel_send(ours, &word, sizeof(word), NULL, 0, NO_FD), 0);
	word = 8;
	ck_assert_int_eq(channel_send(theirs, &word, sizeof(word), NULL, 0, NO_FD), 0);
	fd_close(theirs); /* with our 7 unread: the kernel tells us of that first */
	ck_assert_int_eq(channel_receive(ours, &heard, sizeof(heard), NULL, 0, NULL), 0);
	ck_assert_int_eq(heard, 8);
	ck_assert_int_eq(channel_receive(ours, &heard, sizeof(heard), NULL, 0, NULL),
			 -ECONNRESET);
	ck_assert_int_eq(err_last()->code, 0);
}
END_TEST

START_TEST(the_end_without_a_word_is_the_end)
{
	_cleanup_close_ int ours = NO_FD;
	int theirs, heard;

	ck_assert_int_eq(channel_open(&ours, &theirs), 0);
	fd_close(theirs);
	ck_assert_int_eq(channel_receive(ours, &heard, sizeof(heard), NULL, 0, NULL),
			 -ECONNRESET);
	ck_assert_int_eq(channel_send(ours, "x", 1, NULL, 0, NO_FD), -EPIPE);
	err_clear();
}
END_TEST

Suite *test_kernel_channel(void);
Suite *test_kernel_channel(void)
{
	Suite *suite = suite_create("kernel/channel");
	TCase *tests = tcase_create("channel");

	tcase_add_test(tests, what_was_said_before_the_end_is_heard_even_if_our_words_were_not);
	tcase_add_test(tests, the_end_without_a_word_is_the_end);
	suite_add_tcase(suite, tests);
	return suite;
}
