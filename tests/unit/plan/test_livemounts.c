/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_livemounts - what is planned for mounts of a container that is there. */
#include "plan/livemounts.h"

#include <check.h>
#include <linux/sched.h>
#include <string.h>

#include "base/err.h"

static const char *const bind[] = { "rbind", "ro" };
static struct oci_namespace namespaces[2];
static struct oci_linux linux_;
static struct oci_spec spec;
static struct oci_mount items[3];
static struct oci_mounts mounts = { items, 3, true };
static struct host host;
static struct plan_live_request request;
static struct plan plan;

static void set_up(void)
{
	namespaces[0].type = OCI_NAMESPACE_MOUNT;
	namespaces[1].type = OCI_NAMESPACE_PID;
	linux_ = (struct oci_linux){ .namespaces = { namespaces, 2, true } };
	spec = (struct oci_spec){ .oci_version = "1.3.0", .linux = &linux_ };
	items[0] = (struct oci_mount){
		.destination = "/data",
		.source = "data",
		.options = OCI_LIST_OF(bind),
	};
	items[1] = (struct oci_mount){ .destination = "/sys/fs/cgroup", .type = "cgroup" };
	items[2] = (struct oci_mount){ .destination = "/tmp", .type = "tmpfs" };
	host = (struct host){
		.capabilities = ~0ull,
		.is_privileged = true,
		.cgroup_mount = "/sys/fs/cgroup",
		.own_cgroup = "/",
	};
	request = (struct plan_live_request){
		.spec = &spec,
		.id = "c1",
		.bundle = "/bundle",
		.mounts = &mounts,
	};
}

static void tear_down(void)
{
	err_clear();
	plan_release(&plan);
}

static const struct block_mount *planned(size_t index)
{
	return &LIST_OF(plan.init, plan.init->mounts, struct block_mount)[index];
}

START_TEST(what_is_bound_is_opened_outside)
{
	ck_assert_int_eq(plan_live_mounts(&request, &host, &plan), 0);
	ck_assert_uint_eq(plan.tree_count, 1);
	ck_assert_str_eq(plan.trees[0].source, "/bundle/data");
	ck_assert_int_eq(planned(0)->tree, 0);
	ck_assert_int_eq(planned(2)->tree, NO_SLOT);
}
END_TEST

START_TEST(no_cgroup_of_the_hosts_is_shown_in_place_of_the_containers)
{
	ck_assert_int_eq(plan_live_mounts(&request, &host, &plan), 0);
	ck_assert_int_eq(planned(1)->kind, MOUNT_CGROUP);
	ck_assert_uint_eq(planned(1)->source, 0);
}
END_TEST

START_TEST(removing_goes_by_the_place_alone)
{
	request.is_removal = true;
	items[0].source = NULL; /* to add it would be refused */
	ck_assert_int_eq(plan_live_mounts(&request, &host, &plan), 0);
	ck_assert(plan.is_removal);
	ck_assert_uint_eq(plan.tree_count, 0);
	ck_assert_str_eq(block_string(plan.init, planned(0)->destination), "/data");
}
END_TEST

START_TEST(without_a_mount_namespace_there_is_no_place)
{
	linux_.namespaces.items = &namespaces[1];
	linux_.namespaces.count = 1;
	ck_assert_int_lt(plan_live_mounts(&request, &host, &plan), 0);
	ck_assert_str_eq(err_last()->text,
			 "the container has no mount namespace of its own to mount in");
}
END_TEST

Suite *test_plan_livemounts(void);
Suite *test_plan_livemounts(void)
{
	Suite *suite = suite_create("plan/livemounts");
	TCase *cases = tcase_create("plans");

	tcase_add_checked_fixture(cases, set_up, tear_down);
	tcase_add_test(cases, what_is_bound_is_opened_outside);
	tcase_add_test(cases, no_cgroup_of_the_hosts_is_shown_in_place_of_the_containers);
	tcase_add_test(cases, removing_goes_by_the_place_alone);
	tcase_add_test(cases, without_a_mount_namespace_there_is_no_place);
	suite_add_tcase(suite, cases);
	return suite;
}
