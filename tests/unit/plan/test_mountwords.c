/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_mountwords - the table of mount options. */
#include <check.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "plan/mountwords.h"

/* config.md, "Linux mount options": all of its tables but the file system's own options */
static const char *const specified[] = {
	"async",
	"atime",
	"bind",
	"defaults",
	"dev",
	"diratime",
	"dirsync",
	"exec",
	"iversion",
	"lazytime",
	"loud",
	"mand",
	"noatime",
	"nodev",
	"nodiratime",
	"noexec",
	"noiversion",
	"nolazytime",
	"nomand",
	"norelatime",
	"nostrictatime",
	"nosuid",
	"nosymfollow",
	"private",
	"ratime",
	"rbind",
	"rdev",
	"rdiratime",
	"relatime",
	"remount",
	"rexec",
	"rnoatime",
	"rnodev",
	"rnodiratime",
	"rnoexec",
	"rnorelatime",
	"rnostrictatime",
	"rnosuid",
	"rnosymfollow",
	"ro",
	"rprivate",
	"rrelatime",
	"rro",
	"rrw",
	"rshared",
	"rslave",
	"rstrictatime",
	"rsuid",
	"rsymfollow",
	"runbindable",
	"rw",
	"shared",
	"silent",
	"slave",
	"strictatime",
	"suid",
	"symfollow",
	"sync",
	"tmpcopyup",
	"unbindable",
	"idmap",
	"ridmap",
};

START_TEST(every_option_of_the_specification_is_a_word)
{
	for (size_t i = 0; i < ARRAY_SIZE(specified); i++)
		ck_assert_msg(mount_word_find(specified[i]) != NULL, "%s", specified[i]);
}
END_TEST

START_TEST(no_word_is_there_twice)
{
	for (const struct mount_word *word = mount_words; word->name; word++)
		ck_assert_msg(mount_word_find(word->name) == word, "%s", word->name);
}
END_TEST

START_TEST(what_is_unknown_is_no_word)
{
	ck_assert_ptr_null(mount_word_find("mode"));
	ck_assert_ptr_null(mount_word_find(""));
	ck_assert_ptr_null(mount_word_find("RO"));
}
END_TEST

/* mount_setattr(2) refuses a way to keep access times without the whole field cleared. */
START_TEST(words_of_access_times_clear_the_whole_field)
{
	for (const struct mount_word *word = mount_words; word->name; word++) {
		bool is_attribute =
			word->kind == WORD_ATTRIBUTE || word->kind == WORD_RECURSIVE;

		if (is_attribute && (word->set | word->clear) & MOUNT_ATTR__ATIME)
			ck_assert_uint_eq(word->clear & MOUNT_ATTR__ATIME, MOUNT_ATTR__ATIME);
	}
}
END_TEST

START_TEST(each_recursive_word_does_what_the_plain_one_does)
{
	for (const struct mount_word *word = mount_words; word->name; word++) {
		const struct mount_word *plain;

		if (word->kind != WORD_RECURSIVE)
			continue;
		plain = mount_word_find(word->name + 1);
		ck_assert_msg(plain != NULL, "%s", word->name);
		ck_assert_uint_eq(plain->set, word->set);
		ck_assert_uint_eq(plain->clear, word->clear);
	}
}
END_TEST

Suite *test_plan_mountwords(void);
Suite *test_plan_mountwords(void)
{
	Suite *suite = suite_create("plan/mountwords");
	TCase *tests = tcase_create("mountwords");

	tcase_add_test(tests, every_option_of_the_specification_is_a_word);
	tcase_add_test(tests, no_word_is_there_twice);
	tcase_add_test(tests, what_is_unknown_is_no_word);
	tcase_add_test(tests, words_of_access_times_clear_the_whole_field);
	tcase_add_test(tests, each_recursive_word_does_what_the_plain_one_does);
	suite_add_tcase(suite, tests);
	return suite;
}
