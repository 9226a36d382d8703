/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_cgroup - limits, processes and freezing, on directories that look like cgroups. */
#include "cgroup/cgroup.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "cgroup/cgroupfs.h"
#include "tests/unit/refusal.h"
#include "tests/unit/scratch.h"

static char top[64];
static struct cgroup cgroup;

static void put(const char *name, const char *text)
{
	int fd = openat(cgroup.fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static const char *get(const char *name)
{
	static char text[256];

	ck_assert_int_eq(cgroupfs_try_read(cgroup.fd, name, text, sizeof(text)), 0);
	return text;
}

/* A directory with files in place of a cgroup: nothing here needs the kernel's. */
static void make_directory(void)
{
	make_scratch(top);
	cgroup = (struct cgroup){ .fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
				  .path = top };
	ck_assert_int_ge(cgroup.fd, 0);
}

static void remove_directory(void)
{
	_cleanup_free_ char *command = xprintf("rm -rf %s", top);

	err_clear();
	close(cgroup.fd);
	ck_assert_int_eq(system(command), 0);
}

/* ---- limits ---- */

static int apply(struct cgroup_write *writes, size_t count)
{
	struct cgroup_plan plan = { .writes = writes, .write_count = count };

	return cgroup_apply(&cgroup, &plan);
}

START_TEST(limits_are_written_to_their_files)
{
	struct cgroup_write writes[] = {
		{ "memory.max", "1000", "memory", "linux.resources.memory.limit", false },
		{ "pids.max", "max", "pids", "linux.resources.pids.limit", false },
	};

	put("memory.max", "");
	put("pids.max", "");
	ck_assert_int_eq(apply(writes, 2), 0);
	ck_assert_str_eq(get("memory.max"), "1000");
	ck_assert_str_eq(get("pids.max"), "max");
}
END_TEST

START_TEST(a_missing_controller_is_refused_by_name)
{
	struct cgroup_write writes[] = {
		{ "memory.max", "1000", "nosuch", "linux.resources.memory.limit", false },
	};

	expect_refusal(apply(writes, 1),
		       "linux.resources.memory.limit: cgroup has no memory.max: "
		       "controller nosuch is not available");
}
END_TEST

START_TEST(what_may_be_absent_is_passed_over)
{
	struct cgroup_write writes[] = {
		{ "hugetlb.2MB.rsvd.max", "1", "hugetlb", "x", true },
	};

	ck_assert_int_eq(apply(writes, 1), 0);
}
END_TEST

START_TEST(one_of_two_files_for_a_weight_is_enough)
{
	struct cgroup_write writes[] = {
		{ .file = "io.bfq.weight",
		  .value = "500",
		  .origin = "x",
		  .may_be_absent = true },
		{ .file = "io.weight",
		  .value = "4950",
		  .origin = "x",
		  .instead = "io.bfq.weight" },
	};

	expect_refusal(apply(writes, 2), "x: cgroup has no io.weight");
	put("io.bfq.weight", "");
	ck_assert_int_eq(apply(writes, 2), 0);
	ck_assert_str_eq(get("io.bfq.weight"), "500");
	put("io.weight", "");
	ck_assert_int_eq(apply(writes, 2), 0);
	ck_assert_str_eq(get("io.weight"), "4950");
}
END_TEST

START_TEST(a_file_elsewhere_is_refused)
{
	struct cgroup_write writes[] = { { "../memory.max", "1", "memory", "unified", true } };

	expect_refusal(apply(writes, 1), "is no file of a cgroup");
}
END_TEST

START_TEST(a_limit_without_a_cgroup_is_refused)
{
	struct cgroup_write writes[] = { { "pids.max", "1", "pids", "p", false } };
	struct cgroup_plan plan = { .writes = writes, .write_count = 1 };
	const struct cgroup none = { .fd = NO_FD };

	expect_refusal(cgroup_apply(&none, &plan),
		       "cannot set pids limit: container could not join or create cgroup");
	writes[0].may_be_absent = true;
	ck_assert_int_eq(cgroup_apply(&none, &plan), 0);
}
END_TEST

/* ---- making ---- */

static const struct {
	const char *path;
	const char *words;
} bad_paths[] = {
	{ "/", "root cgroup" },   { "", "root cgroup" },   { "/./", "root cgroup" },
	{ "/..", "root cgroup" }, { "/a/../b", "\"..\"" }, { "a/b/..", "\"..\"" },
};

START_TEST(a_path_that_leaves_the_tree_is_refused)
{
	struct cgroup_plan plan = { .mount = top,
				    .path = bad_paths[_i].path,
				    .is_optional = true };
	struct cgroup made;

	expect_refusal(cgroup_make(&plan, &made), bad_paths[_i].words);
	ck_assert_int_eq(made.fd, NO_FD);
}
END_TEST

START_TEST(what_is_no_cgroup2_file_system_is_refused)
{
	struct cgroup_plan plan = { .mount = top, .path = "/a" };
	struct cgroup made;

	expect_refusal(cgroup_make(&plan, &made), "is not a cgroup2 file system");
	expect_refusal(cgroup_open(top, 0, &made), "is not in a cgroup2 file system");
	expect_refusal(cgroup_remove_unused(top, 0), "is not in a cgroup2 file system");
	ck_assert_int_eq(access(top, F_OK), 0);
}
END_TEST

START_TEST(a_host_without_cgroup2_matters_only_when_a_cgroup_is_wanted)
{
	struct cgroup_plan plan = { .mount = "", .path = "/a" };
	struct cgroup made;

	expect_refusal(cgroup_make(&plan, &made), "cgroup v2 is not mounted");
	plan.is_optional = true;
	ck_assert_int_eq(cgroup_make(&plan, &made), 0);
	ck_assert_int_eq(made.fd, NO_FD);
	plan = (struct cgroup_plan){ .mount = "", .path = NULL };
	ck_assert_int_eq(cgroup_make(&plan, &made), 0);
	ck_assert_int_eq(made.fd, NO_FD);
}
END_TEST

START_TEST(a_cgroup_that_is_gone_is_no_failure)
{
	struct cgroup opened;

	ck_assert_int_eq(cgroup_open("/sys/fs/cgroup/no/such/cgroup", 0, &opened), 0);
	ck_assert_int_eq(opened.fd, NO_FD);
	ck_assert_int_eq(cgroup_remove_unused("/sys/fs/cgroup/no/such/cgroup", 0), 0);
	ck_assert_int_eq(cgroup_remove(&(struct cgroup){ .fd = NO_FD }, 0), 0);
}
END_TEST

/* ---- processes ---- */

START_TEST(processes_further_down_are_counted)
{
	pid_t *pids;
	size_t count;

	put("cgroup.procs", "12\n0\n34\n");
	ck_assert_int_eq(mkdirat(cgroup.fd, "a", 0700), 0);
	ck_assert_int_eq(mkdirat(cgroup.fd, "a/b", 0700), 0);
	ck_assert_int_eq(mkdirat(cgroup.fd, "empty", 0700), 0);
	put("a/b/cgroup.procs", "56\n");
	ck_assert_int_eq(cgroup_pids(&cgroup, &pids, &count), 0);
	ck_assert_uint_eq(count, 3);
	ck_assert_int_eq(pids[0], 12);
	ck_assert_int_eq(pids[1], 34);
	ck_assert_int_eq(pids[2], 56);
	free(pids);
}
END_TEST

START_TEST(where_nobody_is_left_nobody_is_killed)
{
	put("cgroup.kill", "");
	put("cgroup.events", "populated 0\nfrozen 0\n");
	ck_assert_int_eq(cgroup_kill(&cgroup, 1000), 0);
	ck_assert_str_eq(get("cgroup.kill"), "");
}
END_TEST

START_TEST(killing_gives_up_at_its_deadline)
{
	put("cgroup.kill", "");
	put("cgroup.events", "populated 1\nfrozen 0\n");
	expect_refusal(cgroup_kill(&cgroup, 50), "kill the processes in cgroup");
	ck_assert_str_eq(get("cgroup.kill"), "1");
}
END_TEST

START_TEST(a_freeze_that_is_not_reached_is_undone)
{
	put("cgroup.freeze", "0");
	put("cgroup.events", "populated 1\nfrozen 0\n");
	expect_refusal(cgroup_freeze(&cgroup, true, 50), "freeze cgroup");
	ck_assert_int_eq(cgroup_is_frozen(&cgroup), 0);
}
END_TEST

START_TEST(freezing_and_thawing_wait_for_the_event)
{
	put("cgroup.freeze", "0");
	put("cgroup.events", "populated 1\nfrozen 1\n");
	ck_assert_int_eq(cgroup_freeze(&cgroup, true, 50), 0);
	ck_assert_int_eq(cgroup_is_frozen(&cgroup), 1);
	put("cgroup.events", "populated 1\nfrozen 0\n");
	ck_assert_int_eq(cgroup_freeze(&cgroup, false, 50), 0);
	ck_assert_int_eq(cgroup_is_frozen(&cgroup), 0);
}
END_TEST

START_TEST(an_oom_kill_is_noticed)
{
	ck_assert(!cgroup_was_oom_killed(&cgroup));
	put("memory.events", "low 0\noom 1\noom_kill 0\n");
	ck_assert(!cgroup_was_oom_killed(&cgroup));
	put("memory.events", "low 0\noom 1\noom_kill 2\n");
	ck_assert(cgroup_was_oom_killed(&cgroup));
}
END_TEST

START_TEST(words_are_found_whole)
{
	ck_assert(cgroupfs_has_word("cpu io memory", "io"));
	ck_assert(cgroupfs_has_word("cpu", "cpu"));
	ck_assert(!cgroupfs_has_word("cpuset io", "cpu"));
	ck_assert(!cgroupfs_has_word("", "cpu"));
}
END_TEST

Suite *test_cgroup_cgroup(void);
Suite *test_cgroup_cgroup(void)
{
	Suite *suite = suite_create("cgroup/cgroup");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, make_directory, remove_directory);
	tcase_add_test(all, limits_are_written_to_their_files);
	tcase_add_test(all, a_missing_controller_is_refused_by_name);
	tcase_add_test(all, what_may_be_absent_is_passed_over);
	tcase_add_test(all, one_of_two_files_for_a_weight_is_enough);
	tcase_add_test(all, a_file_elsewhere_is_refused);
	tcase_add_test(all, a_limit_without_a_cgroup_is_refused);
	tcase_add_test(all, what_is_no_cgroup2_file_system_is_refused);
	tcase_add_test(all, a_host_without_cgroup2_matters_only_when_a_cgroup_is_wanted);
	tcase_add_test(all, a_cgroup_that_is_gone_is_no_failure);
	tcase_add_test(all, processes_further_down_are_counted);
	tcase_add_test(all, where_nobody_is_left_nobody_is_killed);
	tcase_add_test(all, killing_gives_up_at_its_deadline);
	tcase_add_test(all, a_freeze_that_is_not_reached_is_undone);
	tcase_add_test(all, freezing_and_thawing_wait_for_the_event);
	tcase_add_test(all, an_oom_kill_is_noticed);
	tcase_add_test(all, words_are_found_whole);
	tcase_add_loop_test(all, a_path_that_leaves_the_tree_is_refused, 0,
			    (int)ARRAY_SIZE(bad_paths));
	suite_add_tcase(suite, all);
	return suite;
}
