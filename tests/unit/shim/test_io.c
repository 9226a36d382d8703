/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io - streams: what goes in comes out, all of it, and nobody waits for somebody else. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/io/console.h"
#include "shim/io/copy.h"
#include "shim/io/destination.h"
#include "shim/io/uri.h"
#include "shim/ttrpc/frame.h"

Suite *test_shim_io(void);

#define AMOUNT (300u << 10) /* more than the pipes on the way hold */

static struct loop loop;
static struct timer limit;
static int is_ended;

static void on_ended(struct copy *copy)
{
	is_ended++;
	loop_stop(copy->loop);
}

static void on_limit(struct timer *timer)
{
	(void)timer;
	loop_stop(&loop);
}

static void set_up(void)
{
	ck_assert_int_eq(loop_init(&loop), 0);
	is_ended = 0;
}

static void tear_down(void)
{
	loop_release(&loop);
}

static void run_for(int ms)
{
	limit = (struct timer){ .due = on_limit };
	loop.is_over = false;
	timer_start(&loop, &limit, ms);
	ck_assert_int_eq(loop_run(&loop), 0);
	timer_stop(&limit);
}

/* A writer process, a copy, a reader that is slow to begin. */
static void copy_through(int from[2], int to[2], bool is_read)
{
	static char bytes[AMOUNT], got[AMOUNT + 1];
	struct copy copy;
	size_t have = 0;
	ssize_t n;
	pid_t pid = fork();

	if (pid == 0) {
		fd_close(from[0]);
		for (size_t i = 0; i < AMOUNT; i++)
			bytes[i] = (char)(i * 7 + i / 251);
		_exit(fd_write_all(from[1], bytes, AMOUNT) < 0);
	}
	ck_assert_int_gt(pid, 0);
	fd_close(from[1]);
	fcntl(from[0], F_SETFL, O_NONBLOCK);
	fcntl(to[1], F_SETFL, O_NONBLOCK);
	copy_init(&copy, &loop, on_ended);
	copy.from.fd = from[0];
	copy.to.fd = to[1];
	copy.is_read = is_read;
	ck_assert_int_eq(copy_begin(&copy), 0);
	run_for(50);
	ck_assert_int_eq(is_ended, 0); /* nobody reads: it waits */
	for (int i = 0; i < 2000 && !is_ended; i++) {
		fcntl(to[0], F_SETFL, O_NONBLOCK);
		while ((n = read(to[0], got + have, sizeof(got) - have)) > 0)
			have += (size_t)n;
		run_for(5);
	}
	while ((n = read(to[0], got + have, sizeof(got) - have)) > 0)
		have += (size_t)n;
	ck_assert_int_eq(is_ended, 1);
	ck_assert_uint_eq(have, AMOUNT);
	for (size_t i = 0; i < AMOUNT; i++)
		ck_assert(got[i] == (char)(i * 7 + i / 251));
	ck_assert(!copy_is_open(&copy));
	copy_close(&copy);
	fd_close(to[0]);
}

START_TEST(pipes_are_spliced_to_the_last_byte)
{
	int from[2], to[2];

	ck_assert_int_eq(pipe2(from, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC), 0);
	copy_through(from, to, false);
}
END_TEST

START_TEST(what_cannot_be_spliced_is_read_and_written)
{
	int from[2], to[2];

	ck_assert_int_eq(pipe2(from, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC), 0);
	copy_through(from, to, true);
}
END_TEST

START_TEST(input_that_nobody_reads_stays_open_for_who_writes)
{
	int from[2], to[2];
	struct copy copy;

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe2(from, O_CLOEXEC | O_NONBLOCK), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC | O_NONBLOCK), 0);
	copy_init(&copy, &loop, on_ended);
	copy.from.fd = from[0];
	copy.to.fd = to[1];
	copy.is_input = true;
	fd_close(to[0]);
	ck_assert_int_eq(copy_begin(&copy), 0);
	ck_assert_int_eq(write(from[1], "x", 1), 1);
	run_for(20);
	ck_assert_int_eq(is_ended, 0);
	ck_assert_int_eq(write(from[1], "x", 1), 1);
	copy_close(&copy);
	fd_close(from[1]);
}
END_TEST

/* What the shim says is in ret_said. */
static void run_heard(int ms, char *ret_said, size_t size)
{
	int said[2], before = dup(STDERR_FILENO);
	ssize_t n;

	ck_assert_int_eq(pipe2(said, O_CLOEXEC | O_NONBLOCK), 0);
	ck_assert_int_ge(dup2(said[1], STDERR_FILENO), 0);
	run_for(ms);
	ck_assert_int_ge(dup2(before, STDERR_FILENO), 0);
	n = read(said[0], ret_said, size - 1);
	ret_said[n > 0 ? n : 0] = '\0';
	fd_close(said[0]);
	fd_close(said[1]);
	fd_close(before);
}

/* A disk is full, then it is not: of a file's size there is a limit that can be lifted. */
START_TEST(what_does_not_fit_into_a_file_is_lost_and_told_of)
{
	char path[] = "/tmp/tare-test-XXXXXX", said[1000], got[100];
	int from[2], file = mkostemp(path, O_CLOEXEC | O_APPEND);
	struct rlimit before, small;
	struct copy copy;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ AMOUNT + 5, before.rlim_max };
	ck_assert_int_eq(ftruncate(file, AMOUNT), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	ck_assert_int_eq(pipe2(from, O_CLOEXEC | O_NONBLOCK), 0);
	copy_init(&copy, &loop, on_ended);
	copy.from.fd = from[0];
	copy.to.fd = file;
	copy.is_read = true;
	ck_assert_int_eq(copy_begin(&copy), 0);
	ck_assert_int_eq(write(from[1], "12345lost", 9), 9);
	run_heard(200, said, sizeof(said));
	ck_assert_int_eq(is_ended, 0);
	ck_assert_ptr_nonnull(strstr(said, path));
	ck_assert_ptr_nonnull(strstr(said, "File too large"));
	ck_assert_int_eq(write(from[1], "as well", 7), 7);
	run_heard(20, said, sizeof(said));
	ck_assert_str_eq(said, "");
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	ck_assert_int_eq(write(from[1], "67", 2), 2);
	run_heard(20, said, sizeof(said));
	ck_assert_ptr_nonnull(strstr(said, "11 bytes"));
	ck_assert_int_eq(pread(file, got, sizeof(got), AMOUNT), 7);
	ck_assert_mem_eq(got, "1234567", 7);
	copy_close(&copy);
	fd_close(from[1]);
	unlink(path);
}
END_TEST

/* What is left of a terminal's output is written while nobody has it open. */
START_TEST(a_terminal_that_nobody_has_open_is_not_looked_at_busily)
{
	int to[2], terminal, master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	struct termios raw;
	struct copy copy;
	char bytes[6000] = { 0 };
	clock_t begin;

	ck_assert_int_eq(unlockpt(master), 0);
	terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	ck_assert_int_eq(tcgetattr(terminal, &raw), 0);
	cfmakeraw(&raw);
	ck_assert_int_eq(tcsetattr(terminal, TCSANOW, &raw), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC | O_NONBLOCK), 0);
	ck_assert_int_ge(fcntl(to[1], F_SETPIPE_SZ, 4096), 0);
	copy_init(&copy, &loop, on_ended);
	copy.from.fd = master;
	copy.to.fd = to[1];
	copy.is_read = copy.is_terminal = true;
	ck_assert_int_eq(copy_begin(&copy), 0);
	ck_assert_int_eq(write(terminal, bytes, sizeof(bytes)), sizeof(bytes));
	run_for(50);
	ck_assert_ptr_nonnull(copy.rest); /* nobody reads: it waits */
	fd_close(terminal);
	while (copy.moved < sizeof(bytes)) {
		ck_assert_int_gt(read(to[0], bytes, sizeof(bytes)), 0);
		run_for(20);
	}
	ck_assert_int_gt(read(to[0], bytes, sizeof(bytes)), 0); /* there is room from now on */
	begin = clock();
	run_for(300);
	ck_assert_int_lt(clock() - begin, CLOCKS_PER_SEC / 50);
	ck_assert_int_eq(is_ended, 0);
	copy_last_call(&copy);
	ck_assert_int_eq(is_ended, 1);
	copy_close(&copy);
	fd_close(to[0]);
}
END_TEST

/* The other stream's may be in the same FIFO: nothing of ours has been taken then. */
START_TEST(what_waits_for_the_client_is_not_taken)
{
	int from[2], to[2];
	char bytes[8];
	struct copy copy;

	ck_assert_int_eq(pipe2(from, O_CLOEXEC | O_NONBLOCK), 0);
	ck_assert_int_eq(pipe2(to, O_CLOEXEC | O_NONBLOCK), 0);
	copy_init(&copy, &loop, on_ended);
	copy.from.fd = from[0];
	copy.to.fd = to[1];
	copy.keep = to[0];
	ck_assert_int_eq(copy_begin(&copy), 0);
	ck_assert_int_eq(write(to[1], "other", 5), 5);
	ck_assert_uint_eq(copy_taken(&copy), 0);
	ck_assert_int_eq(write(from[1], "our", 3), 3);
	ck_assert_uint_eq(copy_come(&copy), 3);
	run_for(20);
	ck_assert_uint_eq(copy_come(&copy), 3);
	ck_assert_uint_eq(copy_taken(&copy), 0);
	ck_assert_int_eq(read(to[0], bytes, 7), 7);
	ck_assert_uint_eq(copy_taken(&copy), 2);
	ck_assert_int_eq(read(to[0], bytes, 7), 1);
	ck_assert_uint_eq(copy_taken(&copy), 3);
	copy_close(&copy);
	fd_close(from[1]);
}
END_TEST

START_TEST(a_fifo_without_a_reader_is_tried_again)
{
	char folder[] = "/tmp/tare-test-XXXXXX";
	int to = NO_FD, keep = NO_FD, reader;
	char *path;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	path = xprintf("%s/fifo", folder);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(destination_open_output(path, &to, &keep), -EAGAIN);
	ck_assert_int_eq(err_last()->code, 0);
	reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ck_assert_int_eq(destination_open_output(path, &to, &keep), 0);
	fd_close(reader);
	ck_assert_int_eq(write(to, "x", 1), 1); /* we are a reader ourselves */
	fd_close(to);
	fd_close(keep);
	unlink(path);
	rmdir(folder);
	free(path);
}
END_TEST

static void on_console(struct console *console)
{
	loop_stop(console->loop);
}

static int connect_to(const struct console *console)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, console->path, sizeof(address.sun_path) - 1);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void hand_over(int through, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec bytes = { &byte, 1 };
	struct msghdr message = { .msg_iov = &bytes,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *part = CMSG_FIRSTHDR(&message);

	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(part), &fd, sizeof(fd));
	ck_assert_int_eq(sendmsg(through, &message, 0), 1);
}

/* A limit that is reached already. */
static struct rlimit no_more_files(void)
{
	struct rlimit before, none;
	int next = dup(STDERR_FILENO);

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ (rlim_t)next, before.rlim_max };
	fd_close(next);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	return before;
}

START_TEST(a_terminal_waits_for_a_descriptor_but_not_busily)
{
	struct console console;
	struct rlimit before;
	int wrong, right, terminal = open("/dev/null", O_RDWR | O_CLOEXEC);
	clock_t begin;

	console_init(&console, &loop, on_console);
	ck_assert_int_eq(console_listen(&console), 0);
	wrong = connect_to(&console);
	right = connect_to(&console);
	before = no_more_files();
	begin = clock();
	run_for(300);
	ck_assert_int_lt(clock() - begin, CLOCKS_PER_SEC / 20);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	hand_over(right, terminal);
	begin = clock();
	run_for(300); /* for the other one, who says nothing */
	ck_assert_int_lt(clock() - begin, CLOCKS_PER_SEC / 20);
	ck_assert_int_eq(console.master, NO_FD);
	fd_close(wrong);
	run_for(10000);
	ck_assert_int_ge(console.master, 0);
	fd_close(terminal);
	fd_close(right);
	console_release(&console);
}
END_TEST

START_TEST(addresses_of_streams_are_read)
{
	struct uri uri;

	ck_assert_int_eq(uri_parse("/run/a b%20", &uri), 0);
	ck_assert_int_eq(uri.scheme, URI_FIFO);
	ck_assert_str_eq(uri.path, "/run/a b%20");
	uri_release(&uri);
	ck_assert_int_eq(uri_parse("binary:///b%2fc?id=a+b&empty&x=%31", &uri), 0);
	ck_assert_int_eq(uri.scheme, URI_BINARY);
	ck_assert_str_eq(uri.path, "/b/c");
	ck_assert_str_eq(uri.words[0], "id");
	ck_assert_str_eq(uri.words[1], "a b");
	ck_assert_str_eq(uri.words[2], "empty");
	ck_assert_str_eq(uri.words[3], "");
	ck_assert_str_eq(uri.words[5], "1");
	ck_assert_ptr_null(uri.words[6]);
	uri_release(&uri);
}
END_TEST

START_TEST(addresses_that_are_wrong_are_refused)
{
	static const char *const wrong[] = { "ttrpc+unix://x", "file://relative", "file:///a%2",
					     "binary:///a?x=%zz", "file:///a%00" };
	struct uri uri;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		ck_assert_int_eq(uri_parse(wrong[i], &uri), -EINVAL);
		err_clear();
	}
}
END_TEST

START_TEST(frames_come_out_of_any_pieces)
{
	static const char data[] = "hello";
	const struct frame frame = { sizeof(data), 7, FRAME_REQUEST, 0 };
	struct frame_reader reader = { 0 };
	struct frame_writer writer = { 0 };
	uint8_t bytes[64];
	size_t size;
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	ck_assert_int_eq(frame_write(&writer, &frame, data), 0);
	ck_assert_int_eq(frame_flush(&writer, pair[0]), 0);
	size = (size_t)read(pair[1], bytes, sizeof(bytes));
	ck_assert_uint_eq(size, FRAME_HEADER + sizeof(data));
	for (size_t i = 0; i < size; i++) {
		ck_assert_int_eq(write(pair[0], bytes + i, 1), 1);
		ck_assert_int_eq(frame_read(&reader, pair[1]),
				 i + 1 < size ? FRAME_AGAIN : FRAME_WHOLE);
	}
	ck_assert_uint_eq(reader.frame.stream, 7);
	ck_assert_mem_eq(reader.data, data, sizeof(data));
	fd_close(pair[0]);
	ck_assert_int_eq(frame_read(&reader, pair[1]), -ECONNRESET);
	frame_reader_release(&reader);
	fd_close(pair[1]);
}
END_TEST

START_TEST(who_does_not_read_answers_gets_no_more_of_them)
{
	static char data[1u << 20];
	const struct frame frame = { sizeof(data), 1, FRAME_RESPONSE, 0 };
	struct frame_writer writer = { 0 };
	int r = 0, count = 0;

	while (r == 0 && count++ < 100)
		r = frame_write(&writer, &frame, data);
	ck_assert_int_eq(r, -ENOBUFS);
	ck_assert_int_lt(count, 12);
	frame_writer_release(&writer);
}
END_TEST

Suite *test_shim_io(void)
{
	Suite *suite = suite_create("shim: io");
	TCase *tests = tcase_create("io");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, pipes_are_spliced_to_the_last_byte);
	tcase_add_test(tests, what_cannot_be_spliced_is_read_and_written);
	tcase_add_test(tests, input_that_nobody_reads_stays_open_for_who_writes);
	tcase_add_test(tests, what_does_not_fit_into_a_file_is_lost_and_told_of);
	tcase_add_test(tests, a_terminal_that_nobody_has_open_is_not_looked_at_busily);
	tcase_add_test(tests, what_waits_for_the_client_is_not_taken);
	tcase_add_test(tests, a_fifo_without_a_reader_is_tried_again);
	tcase_add_test(tests, a_terminal_waits_for_a_descriptor_but_not_busily);
	tcase_add_test(tests, addresses_of_streams_are_read);
	tcase_add_test(tests, addresses_that_are_wrong_are_refused);
	tcase_add_test(tests, frames_come_out_of_any_pieces);
	tcase_add_test(tests, who_does_not_read_answers_gets_no_more_of_them);
	suite_add_tcase(suite, tests);
	return suite;
}
