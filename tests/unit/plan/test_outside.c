/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_outside - what of a container CRIU must not save. */
#include "plan/outside.h"

#include <check.h>
#include <sched.h>
#include <string.h>

#include "base/err.h"
#include "fixture.h"

Suite *test_plan_outside(void);

static struct plan_fixture fixture;
static struct arena arena;

static void tear_down(void)
{
	err_clear();
	plan_fixture_release(&fixture);
	arena_free(&arena);
}

static void build(const char *text)
{
	ck_assert_int_eq(plan_fixture_build(&fixture, text), 0);
}

#define MOUNTS(list)                                                           \
	"{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"rootfs\"},"            \
	"\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"]},\"mounts\":[" list "]," \
	"\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]}}"

START_TEST(binds_are_outside_and_file_systems_are_not)
{
	struct criu_pair *mounts;

	build(MOUNTS(
		"{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"},"
		"{\"destination\":\"/data\",\"source\":\"/srv/data\",\"options\":[\"bind\"]},"
		"{\"destination\":\"/tmp\",\"type\":\"tmpfs\",\"source\":\"tmpfs\"},"
		"{\"destination\":\"/etc/"
		"x\",\"source\":\"x\",\"options\":[\"rbind\",\"ro\"]}"));
	ck_assert_uint_eq(outside_mounts(&fixture.plan, &arena, &mounts), 2);
	ck_assert_str_eq(mounts[0].key, "/data");
	ck_assert_str_eq(mounts[0].value, "/srv/data");
	ck_assert_str_eq(mounts[1].key, "/etc/x");
	ck_assert_str_eq(mounts[1].value + strlen(mounts[1].value) - 2, "/x");
}
END_TEST

START_TEST(cgroups_are_outside_unless_their_namespace_is_new)
{
	static const char mount[] =
		MOUNTS("{\"destination\":\"/sys/fs/cgroup\",\"type\":\"cgroup\"}");
	struct criu_pair *mounts;

	build(mount);
	ck_assert_uint_eq(outside_mounts(&fixture.plan, &arena, &mounts), 1);
	fixture.plan.clone_flags |= CLONE_NEWCGROUP;
	ck_assert_uint_eq(outside_mounts(&fixture.plan, &arena, &mounts), 0);
}
END_TEST

/* As plan/ fills it in; the files are not looked at. */
static void join(unsigned flag)
{
	static struct plan_join joins[1];

	build(CONFIG("", ""));
	joins[0] = (struct plan_join){ .flag = flag,
				       .path = "/ns",
				       .origin = "linux.namespaces[7]" };
	fixture.plan.joins = joins;
	fixture.plan.join_count = 1;
}

START_TEST(joined_namespaces_have_names_in_the_images)
{
	static const struct {
		unsigned flag;
		const char *name, *key;
	} cases[] = {
		{ CLONE_NEWNET, "net", "extRootNetNS" },
		{ CLONE_NEWPID, "pid", "extRootPidNS" },
		{ CLONE_NEWIPC, "ipc", NULL },
		{ CLONE_NEWUTS, "uts", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct outside_namespace found[1];

		join(cases[i].flag);
		ck_assert_int_eq(outside_namespaces(&fixture.plan, found), 1);
		ck_assert_str_eq(found[0].name, cases[i].name);
		ck_assert_uint_eq(found[0].join, 0);
		ck_assert_int_eq(found[0].key != NULL, cases[i].key != NULL);
		if (cases[i].key)
			ck_assert_str_eq(found[0].key, cases[i].key);
		plan_fixture_release(&fixture);
	}
	build(CONFIG("", ""));
}
END_TEST

START_TEST(other_joined_namespaces_are_refused_by_their_path)
{
	static const unsigned flags[] = { CLONE_NEWUSER, CLONE_NEWCGROUP, CLONE_NEWTIME,
					  CLONE_NEWNS };
	struct outside_namespace found[1];

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		join(flags[i]);
		ck_assert_int_lt(outside_namespaces(&fixture.plan, found), 0);
		ck_assert_ptr_nonnull(strstr(err_last()->text, "linux.namespaces[7].path: "));
		err_clear();
		plan_fixture_release(&fixture);
	}
	build(CONFIG("", ""));
}
END_TEST

START_TEST(what_cannot_be_saved_is_refused)
{
	static struct plan_net_device device = { .origin = "linux.netDevices[\"x\"]" };

	build(CONFIG("", ""));
	ck_assert_int_eq(outside_check(&fixture.plan), 0);
	fixture.plan.net_devices = &device;
	fixture.plan.net_device_count = 1;
	ck_assert_int_lt(outside_check(&fixture.plan), 0);
	ck_assert_ptr_nonnull(strstr(err_last()->text, "linux.netDevices[\"x\"]: "));
	err_clear();
	fixture.plan.clone_flags &= ~(uint64_t)CLONE_NEWNS;
	ck_assert_int_lt(outside_check(&fixture.plan), 0);
	ck_assert_ptr_nonnull(strstr(err_last()->text, "without a mount namespace"));
}
END_TEST

Suite *test_plan_outside(void)
{
	Suite *suite = suite_create("plan/outside");
	TCase *tests = tcase_create("outside");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, binds_are_outside_and_file_systems_are_not);
	tcase_add_test(tests, cgroups_are_outside_unless_their_namespace_is_new);
	tcase_add_test(tests, joined_namespaces_have_names_in_the_images);
	tcase_add_test(tests, other_joined_namespaces_are_refused_by_their_path);
	tcase_add_test(tests, what_cannot_be_saved_is_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
