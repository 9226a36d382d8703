/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_amount - bytes and times as people write them. */
#include "base/amount.h"

#include <check.h>
#include <errno.h>

#include "base/cleanup.h"

/* clang-format off */
static const struct {
	const char *text;
	int64_t bytes;
} sizes[] = {
	{ "0", 0 }, { "1", 1 }, { "1024", 1024 }, { "-1", -1 },
	{ "1b", 1 }, { "1B", 1 }, { "2k", 2048 }, { "2K", 2048 }, { "2kb", 2048 }, { "2KiB", 2048 },
	{ "3m", 3 << 20 }, { "3 MB", 3 << 20 }, { "1g", 1 << 30 }, { "1.5g", 3 << 29 },
	{ "0.5k", 512 }, { ".5k", 512 }, { "1.", 1 }, { "1T", 1LL << 40 }, { "1p", 1LL << 50 },
	{ "9223372036854775807", INT64_MAX }, { "8191p", 8191LL << 50 },
};
static const char *const bad_sizes[] = {
	"", " ", "k", "-2", "+1", "1x", "1kk", "1 k b", "1ib", "0x10", "1e3", ".", "1..5", "1,5",
	"9223372036854775808", "8192p", "1k ", " 1", "--1",
};

static const struct {
	const char *text;
	int64_t ns;
} spans[] = {
	{ "0", 0 }, { "0s", 0 }, { "5s", 5000000000 }, { "3m", 180000000000 }, { "1h30m", 5400000000000 },
	{ "1.5s", 1500000000 }, { "250ms", 250000000 }, { "1us", 1000 }, { "1\302\265s", 1000 },
	{ "7ns", 7 }, { "-3s", -3000000000 }, { "+3s", 3000000000 }, { ".5s", 500000000 },
	{ "1m0.5s", 60500000000 },
};
static const char *const bad_spans[] = {
	"", "5", "s", "-", "1", "1x", "1 s", "1s ", "3s4", "1d", "99999999999h", "-0.", ".s",
};
/* clang-format on */

START_TEST(sizes_are_powers_of_1024)
{
	int64_t bytes = -7;

	ck_assert_msg(amount_bytes(sizes[_i].text, &bytes) == 0, "%s", sizes[_i].text);
	ck_assert_msg(bytes == sizes[_i].bytes, "%s is %lld", sizes[_i].text, (long long)bytes);
}
END_TEST

START_TEST(what_is_not_a_size_is_refused)
{
	int64_t bytes = -7;

	ck_assert_msg(amount_bytes(bad_sizes[_i], &bytes) == -EINVAL, "%s", bad_sizes[_i]);
	ck_assert_int_eq(bytes, -7);
}
END_TEST

START_TEST(times_have_units)
{
	int64_t ns = -7;

	ck_assert_msg(amount_time(spans[_i].text, &ns) == 0, "%s", spans[_i].text);
	ck_assert_msg(ns == spans[_i].ns, "%s is %lld", spans[_i].text, (long long)ns);
}
END_TEST

START_TEST(what_is_not_a_time_is_refused)
{
	int64_t ns = -7;

	ck_assert_msg(amount_time(bad_spans[_i], &ns) == -EINVAL, "%s", bad_spans[_i]);
	ck_assert_int_eq(ns, -7);
}
END_TEST

START_TEST(numbers_may_have_a_sign)
{
	int64_t value;

	ck_assert_int_eq(amount_signed("-12", &value), 0);
	ck_assert_int_eq(value, -12);
	ck_assert_int_eq(amount_signed("+12", &value), 0);
	ck_assert_int_eq(value, 12);
	ck_assert_int_eq(amount_signed("", &value), -EINVAL);
	ck_assert_int_eq(amount_signed("--1", &value), -EINVAL);
	ck_assert_int_eq(amount_signed("1k", &value), -EINVAL);
	ck_assert_int_eq(amount_signed("9223372036854775808", &value), -EINVAL);
}
END_TEST

Suite *test_base_amount(void);
Suite *test_base_amount(void)
{
	Suite *suite = suite_create("base/amount");
	TCase *amounts = tcase_create("amounts");

	tcase_add_loop_test(amounts, sizes_are_powers_of_1024, 0, (int)ARRAY_SIZE(sizes));
	tcase_add_loop_test(amounts, what_is_not_a_size_is_refused, 0,
			    (int)ARRAY_SIZE(bad_sizes));
	tcase_add_loop_test(amounts, times_have_units, 0, (int)ARRAY_SIZE(spans));
	tcase_add_loop_test(amounts, what_is_not_a_time_is_refused, 0,
			    (int)ARRAY_SIZE(bad_spans));
	tcase_add_test(amounts, numbers_may_have_a_sign);
	suite_add_tcase(suite, amounts);
	return suite;
}
