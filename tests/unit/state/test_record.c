/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_record - what is written is what is read. */
#include "state/record.h"

#include <check.h>
#include <string.h>

#include "base/err.h"

static struct arena arena;
static struct oci_text text;

static void begin(void)
{
	arena = (struct arena){ 0 };
	text = (struct oci_text){ 0 };
}

static void end(void)
{
	err_clear();
	arena_free(&arena);
	oci_text_release(&text);
}

static const char *const hook_args[] = { "cleanup", "--now" };
static const char *const hook_env[] = { "A=b" };
static struct oci_hook poststop[] = {
	{
		.path = "/usr/bin/cleanup",
		.args = OCI_LIST_OF(hook_args),
		.env = OCI_LIST_OF(hook_env),
		.timeout = OCI_SET(5),
	},
};
static struct oci_hook prestart[] = { { .path = "/usr/bin/early" } };
static struct oci_hooks hooks = {
	.prestart = OCI_LIST_OF(prestart),
	.poststop = OCI_LIST_OF(poststop),
};
static const struct oci_pair annotations[] = { { "org.example/a", "1" }, { "b", "" } };

static const struct record full = {
	.phase = RECORD_CREATED,
	.oci_version = "1.3.0",
	.id = "c1",
	.bundle = "/b",
	.rootfs = "/b/rootfs",
	.created = "2026-01-02T03:04:05.123456789Z",
	.owner = OCI_SET(1000),
	.pid = OCI_SET(1234),
	.pid_inode = OCI_SET(0xffffffffffffffff),
	.start_time = OCI_SET(0xfffffffffffffffe),
	.boot_id = "3a3b",
	.driver = RECORD_SYSTEMD,
	.cgroup = "/sys/fs/cgroup/a/b",
	.cgroup_id = OCI_SET(77),
	.unit = "runc-c1.scope",
	.has_private_pid_namespace = OCI_SET(true),
	.is_rootless = OCI_SET(false),
	.seccomp_agent = "/run/agent",
	.seccomp_metadata = "any \"data\"",
	.annotations = OCI_LIST_OF(annotations),
	.hooks = &hooks,
};

START_TEST(a_full_record_comes_back)
{
	struct record back;

	record_encode(&full, &text);
	ck_assert_int_eq(record_decode(text.bytes, text.size, &arena, &back), 0);
	ck_assert_int_eq(back.phase, RECORD_CREATED);
	ck_assert_str_eq(back.oci_version, "1.3.0");
	ck_assert_str_eq(back.id, "c1");
	ck_assert_str_eq(back.bundle, "/b");
	ck_assert_str_eq(back.rootfs, "/b/rootfs");
	ck_assert_str_eq(back.created, full.created);
	ck_assert_uint_eq(back.owner.value, 1000);
	ck_assert_int_eq(back.pid.value, 1234);
	ck_assert_uint_eq(back.pid_inode.value, 0xffffffffffffffff);
	ck_assert_uint_eq(back.start_time.value, 0xfffffffffffffffe);
	ck_assert_str_eq(back.boot_id, "3a3b");
	ck_assert_int_eq(back.driver, RECORD_SYSTEMD);
	ck_assert_str_eq(back.cgroup, full.cgroup);
	ck_assert_uint_eq(back.cgroup_id.value, 77);
	ck_assert_str_eq(back.unit, full.unit);
	ck_assert(back.has_private_pid_namespace.value);
	ck_assert(back.is_rootless.is_set && !back.is_rootless.value);
	ck_assert_str_eq(back.seccomp_agent, "/run/agent");
	ck_assert_str_eq(back.seccomp_metadata, "any \"data\"");
	ck_assert_str_eq(oci_pairs_get(&back.annotations, "org.example/a"), "1");
}
END_TEST

START_TEST(of_the_hooks_those_to_come_are_kept)
{
	struct record back;

	record_encode(&full, &text);
	ck_assert_int_eq(record_decode(text.bytes, text.size, &arena, &back), 0);
	ck_assert_uint_eq(back.hooks->prestart.count, 0);
	ck_assert_uint_eq(back.hooks->poststop.count, 1);
	ck_assert_str_eq(back.hooks->poststop.items[0].path, "/usr/bin/cleanup");
	ck_assert_str_eq(back.hooks->poststop.items[0].args.items[1], "--now");
	ck_assert_str_eq(back.hooks->poststop.items[0].env.items[0], "A=b");
	ck_assert_int_eq(back.hooks->poststop.items[0].timeout.value, 5);
}
END_TEST

START_TEST(a_record_of_an_intent_has_no_process_yet)
{
	const struct record intent = {
		.phase = RECORD_CREATING,
		.id = "c1",
		.created = "2026-01-02T03:04:05.123456789Z",
		.cgroup = "/sys/fs/cgroup/a",
	};
	struct record back;

	record_encode(&intent, &text);
	ck_assert_int_eq(text.bytes[text.size - 1], '\n');
	ck_assert_int_eq(record_decode(text.bytes, text.size, &arena, &back), 0);
	ck_assert(!back.pid.is_set);
	ck_assert(!back.cgroup_id.is_set);
	ck_assert_ptr_null(back.hooks);
	ck_assert(!record_is_empty(&back));
}
END_TEST

START_TEST(a_later_tare_may_add_members)
{
	static const char later[] =
		"{\"phase\":\"running\",\"id\":\"a\",\"created\":\"x\",\"new\":[{}]}";
	struct record back;

	ck_assert_int_eq(record_decode(later, sizeof(later) - 1, &arena, &back), 0);
	ck_assert_int_eq(back.phase, RECORD_RUNNING);
}
END_TEST

START_TEST(a_failure_says_where)
{
	static const char bad[] = "{\"phase\":\"running\",\n\"id\":7}";
	struct record back;

	ck_assert_int_lt(record_decode(bad, sizeof(bad) - 1, &arena, &back), 0);
	ck_assert_ptr_nonnull(strstr(err_last()->text, "state.json:2:"));
}
END_TEST

START_TEST(the_time_is_rfc_3339_with_nanoseconds)
{
	char now[RECORD_TIME_SIZE];

	record_now(now);
	ck_assert_uint_eq(strlen(now), strlen(full.created));
	for (size_t i = 0; full.created[i]; i++)
		ck_assert_int_eq(strchr("-T:.Z", full.created[i]) ? now[i] : 0,
				 strchr("-T:.Z", full.created[i]) ? full.created[i] : 0);
}
END_TEST

Suite *test_state_record(void);
Suite *test_state_record(void)
{
	Suite *suite = suite_create("state/record");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, begin, end);
	tcase_add_test(all, a_full_record_comes_back);
	tcase_add_test(all, of_the_hooks_those_to_come_are_kept);
	tcase_add_test(all, a_record_of_an_intent_has_no_process_yet);
	tcase_add_test(all, a_later_tare_may_add_members);
	tcase_add_test(all, a_failure_says_where);
	tcase_add_test(all, the_time_is_rfc_3339_with_nanoseconds);
	suite_add_tcase(suite, all);
	return suite;
}
