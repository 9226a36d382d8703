/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rpc - what CRIU is told, byte for byte; read back without the library that wrote it. */
#include "criu/rpc.h"

#include <check.h>
#include <inttypes.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"

Suite *test_criu_rpc(void);

struct reader {
	const unsigned char *at, *end;
};

static uint64_t read_number(struct reader *reader)
{
	uint64_t value = 0;

	for (unsigned shift = 0;; shift += 7) {
		ck_assert(reader->at < reader->end && shift < 64);
		value |= (uint64_t)(*reader->at & 0x7f) << shift;
		if (!(*reader->at++ & 0x80))
			return value;
	}
}

/* Fields of Options and Request that are messages themselves. */
static bool is_message(int depth, uint64_t field)
{
	static const uint64_t inside[] = { 11, 23, 25, 27, 39 };

	if (depth == 0)
		return field == 2 || field == 5;
	for (size_t i = 0; depth == 1 && i < ARRAY_SIZE(inside); i++)
		if (inside[i] == field)
			return true;
	return false;
}

/* "2{1=5 10=\"dump.log\" } ": field numbers with their values, as encoding.md of protobuf has it. */
static void print(struct reader *reader, int depth, struct buf *out)
{
	while (reader->at < reader->end) {
		uint64_t tag = read_number(reader);
		uint64_t value = read_number(reader);

		if ((tag & 7) == 0) {
			buf_printf(out, "%" PRIu64 "=%" PRId64 " ", tag >> 3, (int64_t)value);
			continue;
		}
		ck_assert_uint_eq(tag & 7, 2);
		ck_assert(value <= (uint64_t)(reader->end - reader->at));
		if (is_message(depth, tag >> 3)) {
			struct reader inner = { reader->at, reader->at + value };

			buf_printf(out, "%" PRIu64 "{", tag >> 3);
			print(&inner, depth + 1, out);
			buf_printf(out, "} ");
		} else {
			buf_printf(out, "%" PRIu64 "=\"%.*s\" ", tag >> 3, (int)value,
				   (const char *)reader->at);
		}
		reader->at += value;
	}
}

static void expect(const struct buf *message, const char *text)
{
	struct reader reader = {
		(const unsigned char *)message->text,
		(const unsigned char *)message->text + message->size,
	};
	struct buf out = { 0 };

	print(&reader, 0, &out);
	ck_assert_str_eq(buf_text(&out), text);
	buf_release(&out);
}

static void expect_request(const struct criu_request *request, const char *text)
{
	struct buf message = { 0 };

	ck_assert_int_eq(rpc_encode(request, &message), 0);
	expect(&message, text);
	buf_release(&message);
}

static struct criu_request plain(enum criu_action action)
{
	return (struct criu_request){
		.action = action,
		.images = 5,
		.work = NO_FD,
		.status = NO_FD,
		.log = "x.log",
	};
}

START_TEST(a_dump_says_only_what_was_asked_for)
{
	struct criu_request request = plain(CRIU_DUMP);

	request.pid = 77;
	expect_request(&request, "1=1 2{1=5 2=77 9=4 10=\"x.log\" 12=1 34=3 50=1 } ");
}
END_TEST

START_TEST(each_flag_has_its_number)
{
	struct criu_request request = plain(CRIU_DUMP);

	request.flags = (struct criu_flags){
		.leave_running = true,
		.tcp_established = true,
		.tcp_skip_in_flight = true,
		.tcp_close = true,
		.ext_unix_sk = true,
		.shell_job = true,
		.file_locks = true,
		.link_remap = true,
		.auto_dedup = true,
		.lazy_pages = true,
		.cgroups = CRIU_CGROUPS_IGNORE,
		.network_lock = CRIU_LOCK_SKIP,
		.empty_namespaces = CLONE_NEWNET,
		.parent_images = "../p",
		.lsm_profile = "selinux:l",
		.lsm_mount_context = "m",
	};
	expect_request(&request, "1=1 2{1=5 3=1 4=1 5=1 7=1 8=1 9=4 10=\"x.log\" 12=1 "
				 "14=\"../p\" 16=1 18=1 34=0 38=1073741824 46=1 48=1 52=1 "
				 "53=\"selinux:l\" 63=\"m\" 64=3 } ");
}
END_TEST

START_TEST(a_dump_names_what_is_outside)
{
	static const struct criu_pair mounts[] = { { "/data", "/data" },
						   { "/proc/kcore", "/dev/null" } };
	static const char *const externals[] = { "net[1]:extRootNetNS", "file[a:b]" };
	struct criu_request request = plain(CRIU_DUMP);

	request.root = "/r";
	request.freezer = "/sys/fs/cgroup/c";
	request.config = "/etc/c.conf";
	request.work = 6;
	request.status = 7;
	request.tracks_memory = true;
	request.page_server_address = "::1";
	request.page_server_port = 9;
	request.mounts = mounts;
	request.mount_count = 2;
	request.externals = externals;
	request.external_count = 2;
	expect_request(
		&request,
		"1=1 2{1=5 9=4 10=\"x.log\" 11{1=\"::1\" 2=9 } 12=1 13=\"/r\" 15=1 17=6 "
		"23{1=\"/data\" 2=\"/data\" } 23{1=\"/proc/kcore\" 2=\"/dev/null\" } 34=3 "
		"37=\"net[1]:extRootNetNS\" 37=\"file[a:b]\" 44=\"/sys/fs/cgroup/c\" 49=7 "
		"50=1 51=\"/etc/c.conf\" } ");
}
END_TEST

START_TEST(a_restore_brings_a_sibling_back_among_what_it_is_given)
{
	static const struct criu_pair joins[] = { { "ipc", "/proc/9/ns/ipc" } };
	static const struct criu_pair roots[] = { { "", "/c" }, { "cpu", "/d" } };
	static const struct criu_fd fds[] = { { "pipe:[1]", 8 }, { "extRootNetNS", 9 } };
	struct criu_request request = plain(CRIU_RESTORE);

	request.joins = joins;
	request.join_count = 1;
	request.cgroup_roots = roots;
	request.cgroup_root_count = 2;
	request.fds = fds;
	request.fd_count = 2;
	expect_request(
		&request,
		"1=2 2{1=5 9=4 10=\"x.log\" 12=1 25{1=\"\" 2=\"/c\" } "
		"25{1=\"cpu\" 2=\"/d\" } 26=1 27{1=\"pipe:[1]\" 2=8 } "
		"27{1=\"extRootNetNS\" 2=9 } 34=3 39{1=\"ipc\" 2=\"/proc/9/ns/ipc\" } 50=1 } ");
}
END_TEST

START_TEST(the_callers_terminal_is_no_orphan_but_the_containers_is)
{
	struct criu_request request = plain(CRIU_RESTORE);

	request.flags.shell_job = true;
	expect_request(&request, "1=2 2{1=5 7=1 9=4 10=\"x.log\" 12=1 26=1 34=3 } ");
	request.has_terminal = true;
	expect_request(&request, "1=2 2{1=5 7=1 9=4 10=\"x.log\" 12=1 26=1 34=3 50=1 } ");
}
END_TEST

START_TEST(short_messages)
{
	static const struct {
		enum criu_action action;
		bool is_success;
		const char *text;
	} cases[] = {
		{ CRIU_VERSION, true, "1=10 4=1 " },
		{ CRIU_FEATURES, true, "1=9 4=1 5{1=1 2=1 } " },
		{ CRIU_NOTIFY, true, "1=6 3=1 " },
		{ CRIU_NOTIFY, false, "1=6 3=0 " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf message = { 0 };

		ck_assert_int_eq(
			rpc_encode_short(cases[i].action, cases[i].is_success, &message), 0);
		expect(&message, cases[i].text);
		buf_release(&message);
	}
}
END_TEST

START_TEST(answers_are_read)
{
	static const char version[] = "\x08\x0a\x10\x01\x52\x06\x08\x03\x10\x11\x20\x01";
	static const char notice[] = "\x08\x06\x10\x01\x2a\x05\x0a\x01s\x10\x07";
	static const char failure[] = "\x08\x01\x10\x00\x38\x16\x4a\x02no";
	struct criu_answer answer;

	ck_assert_int_eq(rpc_decode(version, sizeof(version) - 1, &answer), 0);
	ck_assert_int_eq(answer.action, CRIU_VERSION);
	ck_assert_uint_eq(answer.version, 31701);
	ck_assert_int_eq(rpc_decode(notice, sizeof(notice) - 1, &answer), 0);
	ck_assert_int_eq(answer.action, CRIU_NOTIFY);
	ck_assert_str_eq(answer.script, "s");
	ck_assert_int_eq(answer.pid, 7);
	ck_assert_int_eq(rpc_decode(failure, sizeof(failure) - 1, &answer), 0);
	ck_assert(!answer.is_success);
	ck_assert_int_eq(answer.code, 22);
	ck_assert_str_eq(answer.text, "no");
}
END_TEST

START_TEST(what_is_no_answer_is_refused)
{
	static const char *const bytes[] = { "nonsense", "\x08", "\x08\x01", "" };
	struct criu_answer answer;

	for (size_t i = 0; i < ARRAY_SIZE(bytes); i++) {
		ck_assert_int_lt(rpc_decode(bytes[i], strlen(bytes[i]), &answer), 0);
		err_clear();
	}
}
END_TEST

START_TEST(without_the_library_all_is_refused)
{
	struct criu_request request = plain(CRIU_DUMP);
	struct buf message = { 0 };

	ck_assert_int_lt(rpc_encode(&request, &message), 0);
	ck_assert_ptr_nonnull(strstr(err_last()->text, "--disable-criu"));
	err_clear();
}
END_TEST

Suite *test_criu_rpc(void)
{
	Suite *suite = suite_create("criu/rpc");
	TCase *tests = tcase_create("rpc");

	if (rpc_is_built()) {
		tcase_add_test(tests, a_dump_says_only_what_was_asked_for);
		tcase_add_test(tests, each_flag_has_its_number);
		tcase_add_test(tests, a_dump_names_what_is_outside);
		tcase_add_test(tests, a_restore_brings_a_sibling_back_among_what_it_is_given);
		tcase_add_test(tests, the_callers_terminal_is_no_orphan_but_the_containers_is);
		tcase_add_test(tests, short_messages);
		tcase_add_test(tests, answers_are_read);
		tcase_add_test(tests, what_is_no_answer_is_refused);
	} else {
		tcase_add_test(tests, without_the_library_all_is_refused);
	}
	suite_add_tcase(suite, tests);
	return suite;
}
