/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_start - the command line, names of sockets, what is said to who starts a shim. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "shim/address.h"
#include "shim/arguments.h"
#include "shim/loop/stamp.h"
#include "shim/sha256.h"
#include "shim/start.h"

Suite *test_shim_start(void);

/* The words of TEXT, cut at its blanks: two of them are an empty word. */
static int parse(const char *text, struct arguments *arguments)
{
	static char copy[256];
	char *words[16] = { NULL }, *rest = copy;
	size_t count = 0;

	snprintf(copy, sizeof(copy), "%s", text);
	while (rest)
		words[count++] = strsep(&rest, " ");
	return arguments_parse(words, arguments);
}

START_TEST(words_are_those_of_gos_flags)
{
	struct arguments arguments;

	ck_assert_int_eq(parse("-namespace ns --id=c -address  -debug -bundle=/b "
			       "-publish-binary /x start",
			       &arguments),
			 0);
	ck_assert_int_eq(arguments.action, SHIM_START);
	ck_assert_str_eq(arguments.namespace, "ns");
	ck_assert_str_eq(arguments.id, "c");
	ck_assert_str_eq(arguments.address, "");
	ck_assert_str_eq(arguments.bundle, "/b");
	ck_assert(arguments.is_debug);
}
END_TEST

START_TEST(what_is_missing_or_unknown_is_named)
{
	static const struct {
		const char *words;
		const char *says;
	} cases[] = {
		{ "-namespace ns start", "id" },
		{ "-id c start", "namespace" },
		{ "-id", "needs an argument: -id" },
		{ "-ids c", "-ids" },
		{ "-debug=perhaps", "perhaps" },
		{ "-namespace ns -id c dance", "dance" },
		{ "-namespace=ns -id=../c start", "slash" },
	};
	struct arguments arguments;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ck_assert_int_eq(parse(cases[i].words, &arguments), -EINVAL);
		ck_assert_ptr_nonnull(strstr(err_last()->text, cases[i].says));
		err_clear();
	}
}
END_TEST

START_TEST(a_hash_is_that_of_the_standard)
{
	static const struct {
		size_t size;
		const char *hash;
	} cases[] = {
		{ 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318" },
		{ 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a" },
		{ 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb" },
		{ 119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb" },
	};
	char bytes[128], text[SHA256_TEXT];

	memset(bytes, 'a', sizeof(bytes));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		sha256_text(bytes, cases[i].size, text);
		ck_assert_str_eq(text, cases[i].hash);
	}
}
END_TEST

/* Seen of Go's shim. */
START_TEST(a_socket_has_the_name_that_gos_shim_gives_it)
{
	char *path = address_path("/s", "/tmp/w/cd/c.sock", "default", "m1");

	ck_assert_int_eq(strncmp(path, "/s/9a97cc3b", 11), 0);
	ck_assert_uint_eq(strlen(path), 3 + 64);
	free(path);
}
END_TEST

START_TEST(a_socket_depends_on_who_what_and_where)
{
	char *a = address_path("/s", "/c.sock", "ns", "a");
	char *b = address_path("/s", "/c.sock", "ns", "b");
	char *again = address_path("/s", "//c.sock", "ns", "a");
	char *alone = address_path("/s", "", "ns", "a");

	ck_assert_str_ne(a, b);
	ck_assert_str_eq(a, again);
	ck_assert_str_ne(a, alone);
	free(a);
	free(b);
	free(again);
	free(alone);
}
END_TEST

START_TEST(times_are_those_of_rfc_3339)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },          { 951782399, "2000-02-28T23:59:59Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },  { 4107542400, "2100-03-01T00:00:00Z" },
		{ 1795247703, "2026-11-21T07:55:03Z" }, { -5, "1970-01-01T00:00:00Z" },
		{ INT64_MAX, "9999-12-31T23:59:59Z" },
	};
	char text[STAMP_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		stamp_utc(cases[i].seconds, text);
		ck_assert_str_eq(text, cases[i].text);
	}
}
END_TEST

static const struct arguments us = { .id = "c", .namespace = "ns" };

START_TEST(parameters_of_somebody_else_are_options)
{
	Api__BootstrapParams params = API__BOOTSTRAP_PARAMS__INIT;
	struct bootstrap bootstrap;
	uint8_t bytes[64], *reply;
	size_t size;

	params.instance_id = (char *)"c";
	params.namespace_ = (char *)"ns";
	size = api__bootstrap_params__pack(&params, bytes);
	ck_assert_int_eq(bootstrap_parse(&us, bytes, size, &bootstrap), 0);
	ck_assert_ptr_nonnull(bootstrap.params);
	ck_assert_uint_gt(bootstrap_reply(&bootstrap, "/s", &reply), 0);
	ck_assert_uint_eq(reply[0], 8); /* field 1, a number: no address begins so */
	ck_assert_uint_eq(reply[1], 3);
	free(reply);
	bootstrap_release(&bootstrap);

	params.instance_id = (char *)"containerd.runc.v1.Options";
	params.namespace_ = (char *)"";
	size = api__bootstrap_params__pack(&params, bytes);
	ck_assert_int_eq(bootstrap_parse(&us, bytes, size, &bootstrap), 0);
	ck_assert_ptr_null(bootstrap.params);
	ck_assert_str_eq(bootstrap_options(&bootstrap)->type_url, "containerd.runc.v1.Options");
	ck_assert_uint_gt(bootstrap_reply(&bootstrap, "/s", &reply), 0);
	ck_assert_str_eq((char *)reply, "unix:///s");
	free(reply);
	bootstrap_release(&bootstrap);
}
END_TEST

START_TEST(without_input_there_are_no_options)
{
	struct bootstrap bootstrap;

	ck_assert_int_eq(bootstrap_parse(&us, (const uint8_t *)"", 0, &bootstrap), 0);
	ck_assert_ptr_null(bootstrap_options(&bootstrap));
	ck_assert_int_eq(bootstrap_parse(&us, (const uint8_t *)"\xff\xff", 2, &bootstrap),
			 -EINVAL);
	err_clear();
}
END_TEST

START_TEST(what_is_printed_is_what_the_caller_knows)
{
	static const struct {
		const char *known, *wish, *reply;
	} cases[] = {
		{ NULL, NULL, "unix:///s" },
		{ NULL, "json", "unix:///s" }, /* 1.6 would take it for an address */
		{ "1", NULL, "unix:///s" },
		{ "two", NULL, "unix:///s" },
		{ "2", NULL,
		  "{\"version\":2,\"address\":\"unix:///s\",\"protocol\":\"ttrpc\"}" },
		{ "2", "json",
		  "{\"version\":3,\"address\":\"unix:///s\",\"protocol\":\"ttrpc\"}" },
		{ "7", NULL,
		  "{\"version\":3,\"address\":\"unix:///s\",\"protocol\":\"ttrpc\"}" },
	};
	const struct bootstrap bootstrap = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint8_t *reply;

		unsetenv("MAX_SHIM_VERSION");
		unsetenv("TARE_SHIM_BOOTSTRAP");
		if (cases[i].known)
			setenv("MAX_SHIM_VERSION", cases[i].known, 1);
		if (cases[i].wish)
			setenv("TARE_SHIM_BOOTSTRAP", cases[i].wish, 1);
		ck_assert_uint_eq(bootstrap_reply(&bootstrap, "/s", &reply),
				  strlen(cases[i].reply));
		ck_assert_str_eq((char *)reply, cases[i].reply);
		free(reply);
	}
}
END_TEST

Suite *test_shim_start(void)
{
	Suite *suite = suite_create("shim: start");
	TCase *tests = tcase_create("start");

	tcase_add_test(tests, words_are_those_of_gos_flags);
	tcase_add_test(tests, what_is_printed_is_what_the_caller_knows);
	tcase_add_test(tests, what_is_missing_or_unknown_is_named);
	tcase_add_test(tests, a_hash_is_that_of_the_standard);
	tcase_add_test(tests, a_socket_has_the_name_that_gos_shim_gives_it);
	tcase_add_test(tests, a_socket_depends_on_who_what_and_where);
	tcase_add_test(tests, times_are_those_of_rfc_3339);
	tcase_add_test(tests, parameters_of_somebody_else_are_options);
	tcase_add_test(tests, without_input_there_are_no_options);
	suite_add_tcase(suite, tests);
	return suite;
}
