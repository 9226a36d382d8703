/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_netdevices - a network device comes out of its record as it went in. */
#include "state/netdevices.h"

#include <check.h>
#include <string.h>

#include "base/err.h"

static struct arena arena;

static void end(void)
{
	arena_free(&arena);
	err_clear();
}

static struct netaddress some_address = { .size = 12, .bytes = { 2, 24, (char)0x80, 0, 5 } };

static const struct netdevice some_device = {
	.name = "eth0",
	.index = 5,
	.is_up = true,
	.master = 3,
	.link_size = 6,
	.link = { 0xde, 0xad, 0xbe, 0xef, 0, 1 },
	.addresses = &some_address,
	.address_count = 1,
	.new_index = 9,
};

START_TEST(a_device_goes_through_the_record_and_json)
{
	struct record record = { .phase = RECORD_CREATING, .id = "c1", .created = "now" };
	struct oci_text text = { 0 };
	struct netdevice device;
	struct record read;

	netdevices_record(&some_device, 1, &arena, &record.net_devices);
	record_encode(&record, &text);
	ck_assert_int_eq(record_decode(text.bytes, text.size, &arena, &read), 0);
	oci_text_release(&text);
	ck_assert_uint_eq(read.net_devices.count, 1);
	ck_assert_int_eq(netdevices_read(&read.net_devices.items[0], &device), 0);
	ck_assert_str_eq(device.name, "eth0");
	ck_assert_uint_eq(device.index, 5);
	ck_assert(device.is_up);
	ck_assert_uint_eq(device.master, 3);
	ck_assert_uint_eq(device.new_index, 9);
	ck_assert_uint_eq(device.link_size, 6);
	ck_assert_mem_eq(device.link, some_device.link, 6);
	ck_assert_uint_eq(device.address_count, 1);
	ck_assert_uint_eq(device.addresses[0].size, some_address.size);
	ck_assert_mem_eq(device.addresses[0].bytes, some_address.bytes, some_address.size);
	netdevice_release(&device);
}
END_TEST

static void is_refused(const struct record_net_device *item, const char *words)
{
	struct netdevice device;

	ck_assert_int_lt(netdevices_read(item, &device), 0);
	ck_assert_ptr_nonnull(strstr(err_last()->text, words));
	err_clear();
}

START_TEST(what_is_no_hexadecimal_is_refused)
{
	static const char *const odd[] = { "0218800" }, *const letters[] = { "0g" };
	static const char *const cut[] = { "0218800003" };
	char endless[2 * NETADDRESS_MAX + 3];
	const char *const items[] = { endless };
	struct record_net_device item = { .name = "eth0" };

	item.addresses = (struct oci_strings){ odd, 1, true };
	is_refused(&item, "no bytes");
	item.addresses = (struct oci_strings){ letters, 1, true };
	is_refused(&item, "no bytes");
	item.addresses = (struct oci_strings){ cut, 1, true };
	is_refused(&item, "no address");
	memset(endless, '0', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	item.addresses = (struct oci_strings){ items, 1, true };
	is_refused(&item, "no bytes");
}
END_TEST

START_TEST(a_name_that_no_device_can_have_is_refused)
{
	const struct record_net_device item = { .name = "sixteen-letters-" };

	is_refused(&item, "no name");
}
END_TEST

Suite *test_state_netdevices(void);
Suite *test_state_netdevices(void)
{
	Suite *suite = suite_create("state/netdevices");
	TCase *tests = tcase_create("");

	tcase_add_checked_fixture(tests, NULL, end);
	tcase_add_test(tests, a_device_goes_through_the_record_and_json);
	tcase_add_test(tests, what_is_no_hexadecimal_is_refused);
	tcase_add_test(tests, a_name_that_no_device_can_have_is_refused);
	suite_add_tcase(suite, tests);
	return suite;
}
