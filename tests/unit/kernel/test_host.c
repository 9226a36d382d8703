/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_host - what is read about the machine. */
#include <check.h>
#include <unistd.h>

#include "base/err.h"
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

	ck_assert_int_eq(host_probe(&host), 0);
	ck_assert_uint_eq(host.euid, geteuid());
	ck_assert_uint_ge(host.kernel, 5u << 16);
	ck_assert_uint_ge(host.last_capability, 37);
	ck_assert(!host.is_privileged || host.euid == 0);
	ck_assert_int_eq(err_last()->code, 0);
}
END_TEST

Suite *test_kernel_host(void)
{
	Suite *suite = suite_create("kernel/host");
	TCase *tests = tcase_create("host");

	tcase_add_test(tests, the_initial_user_namespace_maps_everything);
	tcase_add_loop_test(tests, other_maps_do_not, 0, sizeof(others) / sizeof(others[0]));
	tcase_add_test(tests, this_machine_is_as_the_kernel_says);
	suite_add_tcase(suite, tests);
	return suite;
}
