/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_agent - finding the seccomp agent and giving it a listener. */
#include "launch/agent.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "kernel/channel.h"

static char directory[] = "/tmp/tare-test-agent-XXXXXX";
static struct sockaddr_un address;
static int listener;

static int listen_as(int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (type != SOCK_DGRAM)
		ck_assert_int_eq(listen(fd, 1), 0);
	return fd;
}

static void begin(void)
{
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	address.sun_family = AF_UNIX;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/agent", directory);
	listener = listen_as(SOCK_STREAM);
}

static void finish(void)
{
	close(listener);
	unlink(address.sun_path);
	rmdir(directory);
}

static void expect(const char *words)
{
	char text[512];

	err_text(err_last(), text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "linux.seccomp.listenerPath: "));
	ck_assert_msg(strstr(text, words) != NULL, "%s", text);
	err_clear();
}

static const struct record record = {
	.oci_version = "1.2.0",
	.id = "c1",
	.pid = OCI_SET(5),
	.bundle = "/b",
};

static struct agent agent_of(const struct record *container)
{
	return (struct agent){
		.path = address.sun_path,
		.metadata = "m",
		.record = container,
		.status = OCI_STATUS_RUNNING,
		.stream = NO_FD,
	};
}

START_TEST(an_agent_does_not_notice_that_it_is_looked_for)
{
	struct pollfd poll_fd = { listener, POLLIN, 0 };

	ck_assert_int_eq(agent_find(address.sun_path), 0);
	ck_assert_int_eq(poll(&poll_fd, 1, 0), 0);
}
END_TEST

START_TEST(where_nobody_listens_none_is_found)
{
	close(listener);
	ck_assert_int_eq(agent_find(address.sun_path), -ECONNREFUSED);
	expect("failed to connect with seccomp agent");
	unlink(address.sun_path);
	ck_assert_int_eq(agent_find(address.sun_path), -ENOENT);
	expect("no such file or directory");
	listener = listen_as(SOCK_DGRAM);
	ck_assert_int_eq(agent_find(address.sun_path), -EPROTOTYPE);
	expect("failed to connect with seccomp agent");
}
END_TEST

START_TEST(the_agent_gets_state_and_listener_in_one_message)
{
	struct agent agent = agent_of(&record);
	static const char wanted[] = "{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],"
				     "\"pid\":7,\"metadata\":\"m\","
				     "\"state\":{\"ociVersion\":\"1.2.0\",\"id\":\"c1\","
				     "\"status\":\"running\",\"pid\":5,"
				     "\"bundle\":\"/b\"}}";
	char text[sizeof(wanted)] = "", none[1];
	int stream, fd = NO_FD;

	ck_assert_int_eq(agent_connect(&agent), 0);
	ck_assert_int_eq(agent_send(&agent, 7, listener), 0);
	ck_assert_int_eq(agent.stream, NO_FD);
	stream = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_eq(channel_receive(stream, text, strlen(wanted), none, 0, &fd), 0);
	ck_assert_str_eq(text, wanted);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(stream, text, 1), 0); /* nothing follows */
	close(fd);
	close(stream);
}
END_TEST

START_TEST(an_agent_that_has_hung_up_is_told_of)
{
	struct agent agent = agent_of(&record);

	ck_assert_int_eq(agent_connect(&agent), 0);
	close(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
	ck_assert_int_eq(agent_send(&agent, 7, listener), -EPIPE);
	expect("broken pipe");
	ck_assert_int_eq(agent.stream, NO_FD);
}
END_TEST

Suite *test_launch_agent(void);
Suite *test_launch_agent(void)
{
	Suite *suite = suite_create("launch/agent");
	TCase *tests = tcase_create("agent");

	tcase_add_checked_fixture(tests, begin, finish);
	tcase_add_test(tests, an_agent_does_not_notice_that_it_is_looked_for);
	tcase_add_test(tests, where_nobody_listens_none_is_found);
	tcase_add_test(tests, the_agent_gets_state_and_listener_in_one_message);
	tcase_add_test(tests, an_agent_that_has_hung_up_is_told_of);
	suite_add_tcase(suite, tests);
	return suite;
}
