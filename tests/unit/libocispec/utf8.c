/* SPDX-License-Identifier: GPL-2.0-or-later */
/* utf8 - which bytes are characters, and which the decoder lets in. */
#include "libocispec/utf8.h"

#include "tests/unit/libocispec/refusals.h"
#include "tests/unit/libocispec/suites.h"

/* clang-format off */
static const struct {
	const char *bytes;
	size_t length; /* of the character in front; 0: not one */
} characters[] = {
	{ "a",                1 },
	{ "\x7f",             1 },
	{ "\x80",             0 },
	{ "\xbf",             0 },
	{ "\xc0\x80",         0 }, /* overlong */
	{ "\xc1\xbf",         0 },
	{ "\xc2\x80",         2 },
	{ "\xc2",             0 }, /* cut */
	{ "\xc2\x7f",         0 },
	{ "\xdf\xbf",         2 },
	{ "\xe0\x9f\xbf",     0 }, /* overlong */
	{ "\xe0\xa0\x80",     3 },
	{ "\xe2\x82",         0 },
	{ "\xe2\x82\x41",     0 },
	{ "\xed\x9f\xbf",     3 },
	{ "\xed\xa0\x80",     0 }, /* surrogate */
	{ "\xed\xbf\xbf",     0 },
	{ "\xee\x80\x80",     3 },
	{ "\xef\xbf\xbf",     3 },
	{ "\xf0\x8f\xbf\xbf", 0 }, /* overlong */
	{ "\xf0\x90\x80\x80", 4 },
	{ "\xf0\x9f\x98",     0 },
	{ "\xf4\x8f\xbf\xbf", 4 },
	{ "\xf4\x90\x80\x80", 0 }, /* beyond U+10FFFF */
	{ "\xf5\x80\x80\x80", 0 },
	{ "\xff",             0 },
};

static const struct refusal refusals[] = {
	{ "{\"hostname\":\"a\xff\"}",
	  "c:1:15: hostname: not UTF-8" },
	{ "{\"hostname\":\"\xc0\xaf\"}",
	  "c:1:14: hostname: not UTF-8" },
	{ "{\"hostname\":\"\xed\xa0\xbd\xed\xb8\x80\"}",
	  "c:1:14: hostname: not UTF-8" },
	{ "{\"hostname\":\"\xe2\x82",
	  "c:1:14: hostname: not UTF-8" },
	{ "{\"annotations\":{\"\xff\":\"a\"}}",
	  "c:1:18: annotations: not UTF-8" },
	{ "{\"x\":[1,{\"y\":\"\x80\"}]}",
	  "c:1:15: x: not UTF-8" },
	{ "\xef\xbb\xbf{}", /* a byte order mark */
	  "c:1:1: not JSON: invalid char in json text" },
	{ "{\"x\":1}\xff",
	  "c:1:1: ociVersion: required, but missing" },
	{ "{\"ociVersion\":\"1\"}\xff",
	  "c:1:19: not UTF-8" },
	{ "{\"ociVersion\":\"1\"}\xc2\xa0", /* a space, but not one of JSON's */
	  "c:1:19: not JSON: trailing garbage" },
	{ "{\"ociVersion\":\"1\"}\v",
	  "c:1:19: a control character is not allowed" },
	{ "{\f\"ociVersion\":\"1\"}",
	  "c:1:2: a control character is not allowed" },
	{ "{\"hostname\":\"a\x01\"}",
	  "c:1:15: hostname: a control character is not allowed" },
	{ "{\"hostname\":\"\\u0000\"}",
	  "c:1:14: hostname: a NUL character is not allowed" },
	{ "{\"hostname\":\"\\\\\\u0000\"}",
	  "c:1:16: hostname: a NUL character is not allowed" },
	{ "{\"\\u0000\":1}",
	  "c:1:3: a NUL character is not allowed" },
	{ "{\"process\":{\"env\":[\"a\",\"b\\uDFFF\"]}}",
	  "c:1:26: process.env[1]: a surrogate without its other half" },
	{ "{\"hostname\":\"\\uD800\\n\"}",
	  "c:1:14: hostname: a surrogate without its other half" },
	{ "{\"hostname\":\"\\uD800\\uD800\\uDC00\"}",
	  "c:1:14: hostname: a surrogate without its other half" },
	{ "{\"hostname\":\"\\ud800",
	  "c:1:14: hostname: a surrogate without its other half" },
	{ "{\"hostname\":1,\"x\":\"\xff\"}", /* what comes first is said first */
	  "c:1:13: hostname: did not expect a number here" },
};
/* clang-format on */

START_TEST(only_the_shortest_form_of_a_character_is_one)
{
	const char *bytes = characters[_i].bytes;

	ck_assert_uint_eq(oci_utf8_length(bytes, strlen(bytes)), characters[_i].length);
}
END_TEST

START_TEST(no_bytes_are_no_character)
{
	ck_assert_uint_eq(oci_utf8_length("a", 0), 0);
}
END_TEST

START_TEST(text_that_is_not_clean_is_refused_at_its_place)
{
	check_refusal(&refusals[_i]);
}
END_TEST

START_TEST(a_nul_byte_is_refused)
{
	const char text[] = "{\"ociVersion\":\"1\0\"}";
	struct oci_document document = { "c", text, sizeof(text) - 1 };
	struct arena arena = { 0 };
	struct oci_spec spec;
	struct oci_error error;

	ck_assert_int_eq(oci_decode_spec(&document, &arena, &spec, &error), -EINVAL);
	ck_assert_str_eq(error.text, "c:1:17: ociVersion: a NUL character is not allowed");
	arena_free(&arena);
}
END_TEST

/* Sixteen and eight bytes are looked at at once: whatever the byte and its place among others. */
START_TEST(a_byte_is_seen_wherever_it_is)
{
	char text[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
	size_t offset = 99;
	const char *wrong;

	for (size_t at = 0; at < sizeof(text) - 1; at++) {
		char kept = text[at];
		bool is_clean;

		text[at] = (char)_i;
		is_clean = (_i >= 0x20 && _i < 0x80) || _i == '\t' || _i == '\n' || _i == '\r';
		wrong = oci_utf8_check(text, sizeof(text) - 1, &offset);
		ck_assert_int_eq(wrong == NULL, is_clean);
		if (wrong)
			ck_assert_uint_eq(offset, at);
		text[at] = kept;
	}
}
END_TEST

START_TEST(what_is_plain_needs_no_escape)
{
	char text[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

	for (size_t at = 0; at < sizeof(text) - 1; at++) {
		char kept = text[at];
		size_t plain;

		text[at] = (char)_i;
		plain = oci_utf8_plain(text, sizeof(text) - 1);
		if (_i < 0x20 || _i >= 0x80 || _i == '"' || _i == '\\')
			ck_assert_uint_le(plain, at);
		else
			ck_assert_uint_eq(plain, 40);
		text[at] = kept;
	}
}
END_TEST

Suite *test_utf8(void)
{
	Suite *suite = suite_create("libocispec/utf8");
	TCase *text = tcase_create("text");

	tcase_add_loop_test(text, only_the_shortest_form_of_a_character_is_one, 0,
			    sizeof(characters) / sizeof(characters[0]));
	tcase_add_test(text, no_bytes_are_no_character);
	tcase_add_loop_test(text, text_that_is_not_clean_is_refused_at_its_place, 0,
			    sizeof(refusals) / sizeof(refusals[0]));
	tcase_add_test(text, a_nul_byte_is_refused);
	tcase_add_loop_test(text, a_byte_is_seen_wherever_it_is, 0, 256);
	tcase_add_loop_test(text, what_is_plain_needs_no_escape, 0, 256);
	suite_add_tcase(suite, text);
	return suite;
}
