/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_pieces - relay, gate, sealed files and the choice of steps. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/channel.h"
#include "kernel/syscalls.h"
#include "launch/gate.h"
#include "launch/memfd.h"
#include "launch/relay.h"
#include "launch/sendfd.h"
#include "launch/step.h"

Suite *test_launch_pieces(void);

START_TEST(a_relay_copies_until_the_end)
{
	struct relay relay = { 0 };
	char bytes[8] = "";
	int from[2], to[2];

	ck_assert_int_eq(pipe2(from, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC), 0);
	relay.from = from[0];
	relay.to = to[1];
	ck_assert_int_eq(write(from[1], "hello", 5), 5);
	close(from[1]);
	relay_drain(&relay, 1000, 1000);
	ck_assert(relay.is_ended);
	ck_assert_int_eq(read(to[0], bytes, sizeof(bytes)), 5);
	ck_assert_str_eq(bytes, "hello");
}
END_TEST

START_TEST(a_relay_to_nobody_throws_away)
{
	struct relay relay = { 0 };
	int from[2], to[2];

	ck_assert_int_eq(pipe2(from, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC), 0);
	close(to[0]);
	signal(SIGPIPE, SIG_IGN);
	relay.from = from[0];
	relay.to = to[1];
	ck_assert_int_eq(write(from[1], "hello", 5), 5);
	close(from[1]);
	relay_drain(&relay, 1000, 1000);
	ck_assert(relay.is_ended);
}
END_TEST

START_TEST(a_sealed_file_cannot_be_changed)
{
	int fd = memfd_sealed("test", "bytes", 5);
	struct stat status;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "x", 1), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(ftruncate(fd, 0), -1);
	ck_assert_ptr_eq(mmap(NULL, 5, PROT_WRITE, MAP_SHARED, fd, 0), MAP_FAILED);
	ck_assert_int_eq(fstat(fd, &status), 0);
	ck_assert_int_eq(status.st_mode & 07777, 0400);
	ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), -1);
	close(fd);
}
END_TEST

/* ---- the gate, with a child in place of tare-init ---- */

static char directory[] = "/tmp/tare-test-gate-XXXXXX";
static int dir;

static void make_directory(void)
{
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void remove_directory(void)
{
	unlinkat(dir, "gate", 0);
	close(dir);
	rmdir(directory);
}

enum answer { ANSWER_STARTED, ANSWER_FAILED, ANSWER_NOTHING, ANSWER_GONE };

static _Noreturn void be_init(int gate, enum answer answer)
{
	struct message message = { .kind = MESSAGE_DONE };
	struct err err = { .code = ENOENT, .is_system = true, .text = "exec /x" };
	char byte;
	int peer;

	if (answer == ANSWER_GONE)
		_exit(0);
	peer = accept4(gate, NULL, NULL, SOCK_CLOEXEC);
	if (read(peer, &byte, 1) != 1)
		_exit(2);
	if (answer == ANSWER_STARTED)
		channel_send(peer, &message, sizeof(message), NULL, 0, NO_FD);
	message.kind = MESSAGE_FAILED;
	if (answer == ANSWER_FAILED)
		channel_send(peer, &message, sizeof(message), &err, sizeof(err), NO_FD);
	_exit(0);
}

static int knock_at(enum answer answer)
{
	const struct record record = { .pid = { .is_set = false } };
	struct agent nobody = { .record = &record, .stream = NO_FD };
	int gate = gate_listen(dir);
	int pidfd, result;
	pid_t pid;

	ck_assert_int_ge(gate, 0);
	pid = fork();
	if (pid == 0)
		be_init(gate, answer);
	close(gate);
	pidfd = sys_pidfd_open(pid, 0);
	if (answer == ANSWER_GONE)
		waitpid(pid, NULL, 0);
	result = gate_open(dir, pidfd, &nobody);
	if (answer != ANSWER_GONE)
		waitpid(pid, NULL, 0);
	close(pidfd);
	return result;
}

START_TEST(the_gate_opens_when_init_has_said_so)
{
	ck_assert_int_eq(knock_at(ANSWER_STARTED), 0);
}
END_TEST

START_TEST(the_gate_gives_the_reason_of_init)
{
	char text[256];

	ck_assert_int_eq(knock_at(ANSWER_FAILED), -ENOENT);
	err_text(err_last(), text, sizeof(text));
	ck_assert_str_eq(text, "exec /x: no such file or directory");
	err_clear();
}
END_TEST

START_TEST(an_init_that_dies_is_not_started)
{
	ck_assert_int_eq(knock_at(ANSWER_NOTHING), -ECONNRESET);
	err_clear();
}
END_TEST

START_TEST(nobody_behind_the_gate_is_refused)
{
	ck_assert_int_eq(knock_at(ANSWER_GONE), -ECONNREFUSED);
	err_clear();
}
END_TEST

/* The receiver's path is longer than a socket address. */
START_TEST(a_descriptor_is_sent_with_its_text)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[sizeof(directory) + 300], text[32] = "", none[1];
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int stream, fd = NO_FD;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/gate", directory);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	memset(path, '/', sizeof(path));
	strcpy(path + 200, directory + 1);
	strcat(path, "/gate");
	ck_assert_uint_gt(strlen(path), sizeof(address.sun_path));
	ck_assert_int_eq(sendfd(path, dir, "/dev/pts/0"), 0);
	stream = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_eq(channel_receive(stream, text, 10, none, 0, &fd), 0);
	ck_assert_str_eq(text, "/dev/pts/0");
	ck_assert_int_ge(fd, 0);
	ck_assert(fd_is_directory(fd));
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	close(stream);
	close(listener);
}
END_TEST

/* ---- steps ---- */

static bool never(const struct plan *plan)
{
	(void)plan;
	return false;
}

static int nothing(struct launch *launch)
{
	(void)launch;
	return 0;
}

START_TEST(both_sides_get_the_wanted_rows_only)
{
	static const struct step table[] = {
		{ "a", SIDE_PARENT, true, NULL, ACT_NONE, nothing, NULL },
		{ "b", SIDE_INIT, false, never, ACT_MOUNTS, NULL, NULL },
		{ "c", SIDE_INIT, true, NULL, ACT_PIVOT, NULL, NULL },
		{ "d", SIDE_PARENT, false, NULL, ACT_NONE, nothing, NULL },
		{ "e", SIDE_INIT, false, NULL, ACT_EXEC, NULL, NULL },
	};
	const struct block_step *rows;
	struct step_list list;
	struct plan plan = { 0 };

	block_open(&plan.block, 0);
	plan.init = (struct init_plan *)plan.block.base;
	steps_choose(table, 5, &plan, &list);
	ck_assert_uint_eq(list.count, 4);
	ck_assert_uint_eq(plan.init->steps.count, 4);
	ck_assert_uint_eq(steps_of_parent(&list), 3);
	rows = LIST_OF(plan.init, plan.init->steps, struct block_step);
	ck_assert_str_eq(block_string(plan.init, rows[1].name), "c");
	ck_assert_uint_eq(rows[0].is_awaited, 1);
	ck_assert_uint_eq(rows[1].act, ACT_PIVOT);
	ck_assert_uint_eq(rows[3].side, SIDE_INIT);
	block_close(&plan.block);
}
END_TEST

Suite *test_launch_pieces(void)
{
	Suite *suite = suite_create("launch/pieces");
	TCase *tests = tcase_create("pieces");
	TCase *gate = tcase_create("gate");

	tcase_add_test(tests, a_relay_copies_until_the_end);
	tcase_add_test(tests, a_relay_to_nobody_throws_away);
	tcase_add_test(tests, a_sealed_file_cannot_be_changed);
	tcase_add_test(tests, both_sides_get_the_wanted_rows_only);
	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(gate, make_directory, remove_directory);
	tcase_add_test(gate, the_gate_opens_when_init_has_said_so);
	tcase_add_test(gate, the_gate_gives_the_reason_of_init);
	tcase_add_test(gate, an_init_that_dies_is_not_started);
	tcase_add_test(gate, nobody_behind_the_gate_is_refused);
	tcase_add_test(gate, a_descriptor_is_sent_with_its_text);
	suite_add_tcase(suite, gate);
	return suite;
}
