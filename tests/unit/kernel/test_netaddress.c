/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_netaddress - which addresses are kept, and what is read of a message. */
#include "kernel/netaddress.h"

#include <check.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>

#define INDEX 7

static struct netlink_request message;
static struct netaddress address;

static const struct ifaddrmsg permanent = {
	.ifa_family = 2,
	.ifa_prefixlen = 24,
	.ifa_flags = IFA_F_PERMANENT,
	.ifa_scope = RT_SCOPE_UNIVERSE,
	.ifa_index = INDEX,
};

static void begin(const struct ifaddrmsg *info)
{
	netlink_begin(&message, RTM_NEWADDR, 0, info, sizeof(*info));
}

static bool is_read(void)
{
	return netaddress_read(&message.header, INDEX, &address);
}

/* Of the attribute TYPE of what was read; NULL when it is not there. */
static const void *attribute_of(unsigned type, size_t *ret_size)
{
	size_t at = sizeof(struct ifaddrmsg);
	const struct nlattr *attribute;

	while ((attribute = netlink_attribute(address.bytes, address.size, &at, ret_size)))
		if (attribute->nla_type == type)
			return netlink_data(attribute);
	return NULL;
}

START_TEST(a_permanent_address_of_global_scope_is_kept)
{
	size_t size;

	begin(&permanent);
	netlink_put_u32(&message, IFA_LOCAL, 0x0a000001);
	netlink_put_u32(&message, IFA_RT_PRIORITY, 77);
	netlink_put_text(&message, IFA_LABEL, "eth0:x");
	ck_assert(is_read());
	ck_assert_uint_eq(*(const uint32_t *)attribute_of(IFA_LOCAL, &size), 0x0a000001);
	ck_assert_uint_eq(*(const uint32_t *)attribute_of(IFA_RT_PRIORITY, &size), 77);
	ck_assert_str_eq(attribute_of(IFA_LABEL, &size), "eth0:x");
	ck_assert_uint_eq(size, sizeof("eth0:x"));
}
END_TEST

START_TEST(an_address_of_another_scope_or_device_is_not)
{
	struct ifaddrmsg info = permanent;

	info.ifa_scope = RT_SCOPE_LINK;
	begin(&info);
	ck_assert(!is_read());
	info = permanent;
	info.ifa_index++;
	begin(&info);
	ck_assert(!is_read());
}
END_TEST

START_TEST(an_address_that_ends_some_day_is_not)
{
	struct ifaddrmsg info = permanent;

	info.ifa_flags = 0;
	begin(&info);
	ck_assert(!is_read());
}
END_TEST

START_TEST(the_longer_flags_count_more_than_the_short_ones)
{
	struct ifaddrmsg info = permanent;

	begin(&permanent);
	netlink_put_u32(&message, IFA_FLAGS, IFA_F_NOPREFIXROUTE);
	ck_assert(!is_read());
	info.ifa_flags = 0;
	begin(&info);
	netlink_put_u32(&message, IFA_FLAGS, IFA_F_NOPREFIXROUTE | IFA_F_PERMANENT);
	ck_assert(is_read());
}
END_TEST

START_TEST(what_only_the_kernel_says_is_left_out)
{
	size_t size;

	begin(&permanent);
	netlink_put_u32(&message, IFA_TARGET_NETNSID, 3);
	netlink_put_u32(&message, IFA_LOCAL, 1);
	ck_assert(is_read());
	ck_assert_ptr_null(attribute_of(IFA_TARGET_NETNSID, &size));
	ck_assert_ptr_nonnull(attribute_of(IFA_LOCAL, &size));
}
END_TEST

START_TEST(other_and_short_messages_are_no_addresses)
{
	netlink_begin(&message, RTM_NEWLINK, 0, &permanent, sizeof(permanent));
	ck_assert(!is_read());
	begin(&permanent);
	message.header.nlmsg_len -= 1;
	ck_assert(!is_read());
}
END_TEST

START_TEST(an_address_with_more_than_there_is_room_for_is_none)
{
	const char bytes[NETADDRESS_MAX] = { 0 };

	begin(&permanent);
	netlink_put(&message, IFA_LOCAL, bytes, sizeof(bytes));
	ck_assert(!is_read());
}
END_TEST

START_TEST(an_attribute_that_is_cut_off_ends_the_list)
{
	size_t at = NLMSG_SPACE(sizeof(struct ifaddrmsg)), size;

	begin(&permanent);
	netlink_put_u32(&message, IFA_LOCAL, 1);
	ck_assert_ptr_nonnull(
		netlink_attribute(message.bytes, message.header.nlmsg_len, &at, &size));
	ck_assert_uint_eq(size, 4);
	ck_assert_ptr_null(
		netlink_attribute(message.bytes, message.header.nlmsg_len, &at, &size));
	at = NLMSG_SPACE(sizeof(struct ifaddrmsg));
	ck_assert_ptr_null(
		netlink_attribute(message.bytes, message.header.nlmsg_len - 1, &at, &size));
}
END_TEST

START_TEST(a_message_that_is_longer_than_its_packet_is_none)
{
	size_t at = 0;

	begin(&permanent);
	ck_assert_ptr_null(netlink_next(message.bytes, message.header.nlmsg_len - 1, &at));
	ck_assert_uint_eq(at, 0);
	ck_assert_ptr_nonnull(netlink_next(message.bytes, message.header.nlmsg_len, &at));
	ck_assert_ptr_null(netlink_next(message.bytes, message.header.nlmsg_len, &at));
}
END_TEST

static void label_becomes(const char *label, const char *expected)
{
	char got[IFNAMSIZ];

	netaddress_label(label, "eth0", "net7", got);
	ck_assert_str_eq(got, expected);
}

START_TEST(a_label_follows_the_name_of_its_device)
{
	label_becomes("eth0", "net7");
	label_becomes("eth0:mine", "net7:mine");
	label_becomes("eth01", "eth01");
	label_becomes("other", "other");
	label_becomes("", "");
}
END_TEST

START_TEST(a_label_is_cut_to_what_the_kernel_takes)
{
	char got[IFNAMSIZ];

	netaddress_label("a:123456789abcd", "a", "longer", got);
	ck_assert_str_eq(got, "longer:12345678");
}
END_TEST

Suite *test_kernel_netaddress(void);
Suite *test_kernel_netaddress(void)
{
	Suite *suite = suite_create("kernel/netaddress");
	TCase *tests = tcase_create("");

	tcase_add_test(tests, a_permanent_address_of_global_scope_is_kept);
	tcase_add_test(tests, an_address_of_another_scope_or_device_is_not);
	tcase_add_test(tests, an_address_that_ends_some_day_is_not);
	tcase_add_test(tests, the_longer_flags_count_more_than_the_short_ones);
	tcase_add_test(tests, what_only_the_kernel_says_is_left_out);
	tcase_add_test(tests, other_and_short_messages_are_no_addresses);
	tcase_add_test(tests, an_address_with_more_than_there_is_room_for_is_none);
	tcase_add_test(tests, an_attribute_that_is_cut_off_ends_the_list);
	tcase_add_test(tests, a_message_that_is_longer_than_its_packet_is_none);
	tcase_add_test(tests, a_label_follows_the_name_of_its_device);
	tcase_add_test(tests, a_label_is_cut_to_what_the_kernel_takes);
	suite_add_tcase(suite, tests);
	return suite;
}
