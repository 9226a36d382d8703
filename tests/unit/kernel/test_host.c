/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_host - what is read about the machine. */
#include <check.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/host.h"

Suite *test_kernel_host(void);

START_TEST(the_initial_user_namespace_maps_everything)
{
	ck_assert(host_maps_everything("         0          0 4294967295\n"));
	ck_assert(host_maps_everything("0 0 4294967295"));
}
END_TEST

static const char *const others[] = {
	"",
	"0",
	"0 0",
	"0 0 429496729",
	"0 0 42949672951",
	"0 1 4294967295",
	"1 0 4294967295",
	"00 0 4294967295",
	"         0       1000          1\n",
};

START_TEST(other_maps_do_not)
{
	ck_assert(!host_maps_everything(others[_i]));
}
END_TEST

START_TEST(this_machine_is_as_the_kernel_says)
{
	struct host host;

	ck_assert_int_eq(host_probe(HOST_ALL, &host), 0);
	ck_assert_uint_eq(host.euid, geteuid());
	ck_assert_uint_ge(host.kernel, 5u << 16);
	ck_assert_uint_ge(host.last_capability, 37);
	ck_assert(!host.is_privileged || host.euid == 0);
	ck_assert_int_eq(err_last()->code, 0);
}
END_TEST

START_TEST(the_initial_user_namespace_has_the_map_of_all)
{
	struct host host;
	char map[4096];

	ck_assert_int_eq(host_probe(0, &host), 0);
	ck_assert_int_gt(fd_read_file(AT_FDCWD, "/proc/self/uid_map", map, sizeof(map)), 0);
	ck_assert_int_eq(host.is_initial_userns, host_maps_everything(map));
}
END_TEST

START_TEST(what_is_not_asked_for_is_not_known)
{
	struct host all, one;

	ck_assert_int_eq(host_probe(HOST_ALL, &all), 0);
	ck_assert_int_eq(host_probe(0, &one), 0);
	ck_assert_str_eq(one.own_cgroup, "");
	ck_assert_str_eq(one.cgroup_controllers, "");
	ck_assert(!one.has_time_namespace && !one.has_selinux && !one.has_apparmor);
	ck_assert_str_eq(one.cgroup_mount, all.cgroup_mount);
	ck_assert_int_eq(host_probe(HOST_OWN_CGROUP, &one), 0);
	ck_assert_str_eq(one.own_cgroup, all.own_cgroup);
	ck_assert_int_eq(one.is_cgroup_hybrid, all.is_cgroup_hybrid);
	ck_assert_int_eq(host_probe(HOST_CONTROLLERS, &one), 0);
	ck_assert_str_eq(one.cgroup_controllers, all.cgroup_controllers);
	ck_assert_int_eq(host_probe(HOST_TIME, &one), 0);
	ck_assert_int_eq(one.has_time_namespace, all.has_time_namespace);
	ck_assert_int_eq(host_probe(HOST_LSM, &one), 0);
	ck_assert_int_eq(one.has_selinux, all.has_selinux);
	ck_assert_int_eq(one.has_apparmor, all.has_apparmor);
}
END_TEST

START_TEST(only_all_controllers_are_all)
{
	ck_assert(host_has_all_controllers("cpuset cpu io memory hugetlb pids rdma misc"));
	ck_assert(host_has_all_controllers("cpuset cpu io memory hugetlb pids rdma misc dmem"));
	ck_assert(!host_has_all_controllers("cpuset cpu io memory hugetlb pids rdma"));
	ck_assert(!host_has_all_controllers("cpuset io memory hugetlb pids rdma misc"));
	ck_assert(!host_has_all_controllers(""));
}
END_TEST

Suite *test_kernel_host(void)
{
	Suite *suite = suite_create("kernel/host");
	TCase *tests = tcase_create("host");

	tcase_add_test(tests, the_initial_user_namespace_maps_everything);
	tcase_add_loop_test(tests, other_maps_do_not, 0, sizeof(others) / sizeof(others[0]));
	tcase_add_test(tests, this_machine_is_as_the_kernel_says);
	tcase_add_test(tests, the_initial_user_namespace_has_the_map_of_all);
	tcase_add_test(tests, what_is_not_asked_for_is_not_known);
	tcase_add_test(tests, only_all_controllers_are_all);
	suite_add_tcase(suite, tests);
	return suite;
}
