/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_liveness - a recorded process is found again, and no other one in its place. */
#include "state/liveness.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"

static pid_t pid;
static struct identity_mark mark;
static struct record record;

static void start_process(void)
{
	pid = fork();
	if (pid == 0) {
		/* The name may not disturb the reading of the fields behind it. */
		prctl(PR_SET_NAME, "a) Z 1 (b c");
		for (;;)
			pause();
	}
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(liveness_mark(pid, NO_FD, &mark), 0);
	record = (struct record){
		.phase = RECORD_RUNNING,
		.pid = OCI_SET(pid),
		.pid_inode = mark.inode,
		.start_time = mark.start_time,
		.boot_id = mark.boot_id,
	};
}

static void end_process(void)
{
	err_clear();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int look(void)
{
	int pidfd;
	int r = liveness_open(&record, &pidfd);

	ck_assert_int_eq(pidfd == NO_FD, r == LIVENESS_GONE);
	fd_close(pidfd);
	return r;
}

START_TEST(a_living_process_is_alive)
{
	ck_assert_int_eq(look(), LIVENESS_ALIVE);
}
END_TEST

START_TEST(the_descriptor_is_of_the_process)
{
	int pidfd;
	int status;

	ck_assert_int_eq(liveness_open(&record, &pidfd), LIVENESS_ALIVE);
	ck_assert(!pidfd_has_ended(pidfd, 0));
	ck_assert_int_eq(sys_pidfd_send_signal(pidfd, SIGUSR1), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(WTERMSIG(status), SIGUSR1);
	ck_assert(pidfd_has_ended(pidfd, 0));
	fd_close(pidfd);
}
END_TEST

START_TEST(a_dead_process_nobody_waited_for_is_a_zombie)
{
	siginfo_t info;

	kill(pid, SIGKILL);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	ck_assert_int_eq(look(), LIVENESS_ZOMBIE);
}
END_TEST

START_TEST(a_process_that_ended_is_gone)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_int_eq(look(), LIVENESS_GONE);
}
END_TEST

/* What was marked, and what an older tare and a kernel without pidfs write: the start time alone. */
static void record_start_time(void)
{
	int stream[2];

	/* A descriptor that is in no pidfs. */
	ck_assert_int_eq(pipe(stream), 0);
	ck_assert_int_eq(liveness_mark(pid, stream[0], &mark), 0);
	close(stream[0]);
	close(stream[1]);
	ck_assert(!mark.inode.is_set && mark.start_time.is_set);
	record.pid_inode = mark.inode;
	record.start_time = mark.start_time;
}

START_TEST(another_process_with_the_pid_is_not_it)
{
	ck_assert(mark.inode.is_set != mark.start_time.is_set);
	record.pid_inode.value--;
	record.start_time.value--;
	ck_assert_int_eq(look(), LIVENESS_GONE);
	record.pid_inode.is_set = record.start_time.is_set = false;
	ck_assert_int_eq(look(), LIVENESS_GONE);
}
END_TEST

START_TEST(a_start_time_alone_will_do)
{
	record_start_time();
	ck_assert_int_eq(look(), LIVENESS_ALIVE);
	record.start_time.value--;
	ck_assert_int_eq(look(), LIVENESS_GONE);
}
END_TEST

START_TEST(the_inode_decides_before_the_start_time)
{
	struct oci_u64 inode = record.pid_inode;

	if (!inode.is_set)
		return; /* a kernel without pidfs */
	record_start_time();
	record.pid_inode = inode;
	record.start_time.value--;
	ck_assert_int_eq(look(), LIVENESS_ALIVE);
	record.start_time = mark.start_time;
	record.pid_inode.value--;
	ck_assert_int_eq(look(), LIVENESS_GONE);
}
END_TEST

START_TEST(the_inode_is_that_of_any_descriptor_of_the_process)
{
	int one = sys_pidfd_open(pid, 0), ours = sys_pidfd_open(getpid(), 0), other;

	ck_assert_int_eq(liveness_open(&record, &other), LIVENESS_ALIVE);
	ck_assert_uint_eq(pidfd_inode(one),
			  record.pid_inode.is_set ? record.pid_inode.value : 0);
	ck_assert_uint_eq(pidfd_inode(one), pidfd_inode(other));
	ck_assert_int_eq(record.pid_inode.is_set, pidfd_inode(one) != pidfd_inode(ours));
	fd_close(one);
	fd_close(ours);
	fd_close(other);
}
END_TEST

START_TEST(a_process_of_an_earlier_boot_is_gone)
{
	record.boot_id = "00000000-0000-0000-0000-000000000000";
	ck_assert_int_eq(look(), LIVENESS_GONE);
	ck_assert_int_eq(liveness_is_of_this_boot(&record), 0);
}
END_TEST

START_TEST(without_a_pid_there_is_nobody)
{
	record.pid = (struct oci_i32){ 0 };
	ck_assert_int_eq(look(), LIVENESS_GONE);
	record.pid = (struct oci_i32)OCI_SET(-1);
	ck_assert_int_eq(look(), LIVENESS_GONE);
}
END_TEST

/* clang-format off */
static const struct {
	enum record_phase phase;
	enum liveness liveness;
	bool is_frozen;
	enum oci_status status;
} derivations[] = {
	{ RECORD_CREATING, LIVENESS_GONE,   false, OCI_STATUS_CREATING },
	{ RECORD_CREATING, LIVENESS_ALIVE,  false, OCI_STATUS_CREATING },
	{ RECORD_CREATED,  LIVENESS_ALIVE,  false, OCI_STATUS_CREATED },
	{ RECORD_CREATED,  LIVENESS_ALIVE,  true,  OCI_STATUS_PAUSED },
	{ RECORD_CREATED,  LIVENESS_GONE,   false, OCI_STATUS_STOPPED },
	{ RECORD_CREATED,  LIVENESS_ZOMBIE, false, OCI_STATUS_STOPPED },
	{ RECORD_RUNNING,  LIVENESS_ALIVE,  false, OCI_STATUS_RUNNING },
	{ RECORD_RUNNING,  LIVENESS_ALIVE,  true,  OCI_STATUS_PAUSED },
	{ RECORD_RUNNING,  LIVENESS_ZOMBIE, false, OCI_STATUS_STOPPED },
	{ RECORD_RUNNING,  LIVENESS_GONE,   true,  OCI_STATUS_STOPPED },
	{ RECORD_STOPPED,  LIVENESS_GONE,   false, OCI_STATUS_STOPPED },
};
/* clang-format on */

START_TEST(the_status_follows_from_record_process_and_cgroup)
{
	ck_assert_int_eq(liveness_status(derivations[_i].phase, derivations[_i].liveness,
					 derivations[_i].is_frozen),
			 derivations[_i].status);
}
END_TEST

Suite *test_state_liveness(void);
Suite *test_state_liveness(void)
{
	Suite *suite = suite_create("state/liveness");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, start_process, end_process);
	tcase_add_test(all, a_living_process_is_alive);
	tcase_add_test(all, the_descriptor_is_of_the_process);
	tcase_add_test(all, a_dead_process_nobody_waited_for_is_a_zombie);
	tcase_add_test(all, a_process_that_ended_is_gone);
	tcase_add_test(all, another_process_with_the_pid_is_not_it);
	tcase_add_test(all, a_start_time_alone_will_do);
	tcase_add_test(all, the_inode_decides_before_the_start_time);
	tcase_add_test(all, the_inode_is_that_of_any_descriptor_of_the_process);
	tcase_add_test(all, a_process_of_an_earlier_boot_is_gone);
	tcase_add_test(all, without_a_pid_there_is_nobody);
	tcase_add_loop_test(all, the_status_follows_from_record_process_and_cgroup, 0,
			    (int)ARRAY_SIZE(derivations));
	suite_add_tcase(suite, all);
	return suite;
}
