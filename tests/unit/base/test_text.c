/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_text - paths, numbers, words and buffers. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/number.h"
#include "base/path.h"
#include "base/words.h"

Suite *test_base_text(void);

static const struct {
	const char *base, *path, *clean;
} paths[] = {
	/* clang-format off */
	{ "/b",    "rootfs",       "/b/rootfs" },
	{ "/b",    "/rootfs/",     "/rootfs"   },
	{ "/b/c",  "../x",         "/b/x"      },
	{ "/b",    "../../../x",   "/x"        },
	{ "/b",    "a//b/./c/..",  "/b/a/b"    },
	{ "/b",    "",             "/b"        },
	{ "/",     ".",            "/"         },
	{ "/b",    "/..",          "/"         },
	{ "/b",    "a/...",        "/b/a/..."  },
	{ "/b",    "..a/b..",      "/b/..a/b.." },
	/* clang-format on */
};

START_TEST(paths_are_cleaned_without_leaving_the_root)
{
	char *clean = path_clean(paths[_i].base, paths[_i].path);

	ck_assert_str_eq(clean, paths[_i].clean);
	free(clean);
}
END_TEST

START_TEST(a_path_is_clean_when_cleaning_leaves_it_alone)
{
	ck_assert(path_is_clean(paths[_i].clean));
	ck_assert_int_eq(path_is_clean(paths[_i].path),
			 strcmp(paths[_i].path, paths[_i].clean) == 0);
}
END_TEST

START_TEST(names_that_begin_with_dots_are_clean)
{
	ck_assert(path_is_clean("/.a/..b/...") && path_is_clean("/a/.b"));
	ck_assert(!path_is_clean("/a/.") && !path_is_clean("/a/..") && !path_is_clean("/./a") &&
		  !path_is_clean("/../a"));
}
END_TEST

START_TEST(below_means_whole_components)
{
	ck_assert(path_is_below("/a/b", "/a"));
	ck_assert(path_is_below("/a", "/a"));
	ck_assert(path_is_below("/a", "/"));
	ck_assert(!path_is_below("/ab", "/a"));
	ck_assert(!path_is_below("/", "/a"));
}
END_TEST

static const char *const not_numbers[] = {
	"",
	"-1",
	"+1",
	" 1",
	"1 ",
	"0x1",
	"1.0",
	"1e3",
	"18446744073709551616",
	"99999999999999999999",
};

START_TEST(only_digits_are_a_number)
{
	uint64_t value = 42;

	ck_assert_int_eq(number_u64(not_numbers[_i], UINT64_MAX, &value), -EINVAL);
	ck_assert_uint_eq(value, 42);
}
END_TEST

START_TEST(numbers_are_exact_up_to_their_bound)
{
	uint64_t value;

	ck_assert_int_eq(number_u64("18446744073709551615", UINT64_MAX, &value), 0);
	ck_assert(value == UINT64_MAX);
	ck_assert_int_eq(number_u64("007", 7, &value), 0);
	ck_assert_uint_eq(value, 7);
	ck_assert_int_eq(number_u64("8", 7, &value), -EINVAL);
}
END_TEST

START_TEST(words_are_found_as_they_are_written)
{
	static const struct word table[] = { { "one", 1 }, { "two", 2 }, { 0 } };

	ck_assert_int_eq(word_find(table, "two")->value, 2);
	ck_assert_ptr_null(word_find(table, "Two"));
}
END_TEST

START_TEST(a_buffer_grows_and_stays_terminated)
{
	struct buf buf = { 0 };

	ck_assert_str_eq(buf_text(&buf), "");
	for (int i = 0; i < 1000; i++)
		buf_printf(&buf, "%d,", i);
	buf_add(&buf, "end", 3);
	ck_assert_uint_eq(strlen(buf.text), buf.size);
	ck_assert_str_eq(buf.text + buf.size - 7, "999,end");
	buf_release(&buf);
	ck_assert_ptr_null(buf.text);
}
END_TEST

Suite *test_base_text(void)
{
	Suite *suite = suite_create("base/text");
	TCase *tests = tcase_create("text");

	tcase_add_loop_test(tests, a_path_is_clean_when_cleaning_leaves_it_alone, 0,
			    sizeof(paths) / sizeof(paths[0]));
	tcase_add_test(tests, names_that_begin_with_dots_are_clean);
	tcase_add_loop_test(tests, paths_are_cleaned_without_leaving_the_root, 0,
			    sizeof(paths) / sizeof(paths[0]));
	tcase_add_test(tests, below_means_whole_components);
	tcase_add_loop_test(tests, only_digits_are_a_number, 0,
			    sizeof(not_numbers) / sizeof(not_numbers[0]));
	tcase_add_test(tests, numbers_are_exact_up_to_their_bound);
	tcase_add_test(tests, words_are_found_as_they_are_written);
	tcase_add_test(tests, a_buffer_grows_and_stays_terminated);
	suite_add_tcase(suite, tests);
	return suite;
}
