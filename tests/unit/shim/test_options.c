/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_options - options of the runtime, its log, mounts, numbers of the kernel. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "shim/task/idmapped.h"
#include "shim/task/keyed.h"
#include "shim/task/mounts.h"
#include "shim/task/oom.h"
#include "shim/task/options.h"
#include "shim/task/runtime.h"
#include "shim/task/stats.h"

Suite *test_shim_options(void);

static int read_toml(const char *text, struct options *options)
{
	return options_read_toml(text, strlen(text), options);
}

START_TEST(toml_is_read_as_go_reads_it)
{
	struct options options;

	ck_assert_int_eq(read_toml("# a comment\n\n  binaryname = \"/a \\\"b\\\"\" # more\r\n"
				   "'Root' = '/r\\n'\nSystemdCgroup=true\nIoUid = 12\n"
				   "NoPivotRoot = false",
				   &options),
			 0);
	ck_assert_str_eq(options.binary, "/a \"b\"");
	ck_assert_str_eq(options.root, "/r\\n");
	ck_assert(options.is_systemd);
	ck_assert(!options.has_no_pivot);
	ck_assert_uint_eq(options.uid, 12);
	options_release(&options);
}
END_TEST

START_TEST(toml_that_is_wrong_is_refused_with_its_line)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "Root = \"/r\"\nSystemd = true\n", "Systemd is not an option" },
		{ "Root = 1\n", "Root has the wrong kind" },
		{ "IoUid = -1\n", "IoUid has the wrong kind" },
		{ "\n\nRoot\n", "line 3" },
		{ "Root = \"x\n\"\n", "line 1: the string has no end" },
		{ "Root = \"\\q\"\n", "escape" },
		{ "Root = \"a\" \"b\"\n", "behind the value" },
		{ "[table]\n", "neither a key" },
		{ "Root = [1]\n", "neither" },
		{ "SystemdCgroup = 1.5\n", "whole number" },
	};
	struct options options;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		ck_assert_int_eq(read_toml(cases[i].text, &options), -EINVAL);
		ck_assert_msg(strstr(err_last()->text, cases[i].says) != NULL, "%s: %s",
			      cases[i].text, err_last()->text);
		err_clear();
	}
}
END_TEST

START_TEST(options_are_kept_for_when_the_shim_is_gone)
{
	char folder[] = "/tmp/tare-test-XXXXXX";
	char *file;
	struct options options, loaded;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(options_load(folder, &loaded), 0);
	ck_assert_int_eq(
		read_toml("BinaryName = 'x'\nSystemdCgroup = true\nRoot = '/r'", &options), 0);
	ck_assert_int_eq(options_save(&options, folder), 0);
	ck_assert_int_eq(options_load(folder, &loaded), 1);
	ck_assert_str_eq(loaded.binary, "x");
	ck_assert_str_eq(loaded.root, "/r");
	ck_assert(loaded.is_systemd);
	options_forget(folder);
	options_release(&loaded);
	ck_assert_int_eq(options_load(folder, &loaded), 0);
	options_release(&options);
	file = xprintf("%s/options.json", folder);
	unlink(file);
	rmdir(folder);
	free(file);
}
END_TEST

START_TEST(the_last_error_of_the_log_counts)
{
	static const char log[] =
		"{\"level\":\"error\",\"msg\":\"first\"}\n"
		"not JSON\n"
		"{\"level\":\"error\",\"msg\":\"say \\\"why\\\"\",\"time\":\"t\"}\n"
		"{\"level\":\"info\",\"msg\":\"later\"}\n{\"level\":\"err";
	struct buf text = { 0 };

	ck_assert(runtime_find_error(log, sizeof(log) - 1, &text));
	ck_assert_str_eq(buf_text(&text), "say \"why\"");
	buf_release(&text);
	ck_assert(!runtime_find_error("{}\n", 3, &text));
}
END_TEST

/* The words of TEXT, which is cut up. */
static size_t split(char *text, char *words[16])
{
	size_t count = 0;
	char *rest = NULL;

	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	return count;
}

START_TEST(mount_options_are_flags_propagation_and_data)
{
	char text[] = "ro nosuid rw bind rslave lowerdir=/a index=off";
	char *words[16];
	struct mount_flags flags;

	ck_assert_int_eq(mounts_read_options(words, split(text, words), &flags), 0);
	ck_assert_uint_eq(flags.flags, MS_NOSUID | MS_BIND);
	ck_assert_uint_eq(flags.propagation, MS_SLAVE | MS_REC);
	ck_assert_str_eq(flags.data, "lowerdir=/a,index=off");
	ck_assert(!flags.is_loop);
	ck_assert_ptr_null(flags.uids);
	mounts_release_options(&flags);
}
END_TEST

START_TEST(mount_options_may_ask_for_a_loop_device_and_other_ids)
{
	char text[] = "loop ro uidmap=0:1000:2,2:5000:1 gidmap=0:7:1 direct-io x=y";
	char *words[16];
	struct mount_flags flags;

	ck_assert_int_eq(mounts_read_options(words, split(text, words), &flags), 0);
	ck_assert(flags.is_loop);
	ck_assert(flags.is_direct);
	ck_assert_str_eq(flags.uids, "0:1000:2,2:5000:1");
	ck_assert_str_eq(flags.gids, "0:7:1");
	ck_assert_str_eq(flags.data, "x=y");
	mounts_release_options(&flags);
}
END_TEST

START_TEST(mount_options_that_cannot_be_are_named)
{
	static const struct {
		const char *options, *says;
	} cases[] = {
		{ "uidmap=0:1:1", "gidmap=" },
		{ "gidmap=0:1:1 ro", "uidmap=" },
		{ "ro direct-io", "direct-io" },
		{ "X-containerd.loop=1", "X-containerd.loop=1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *words[16], *text = xstrdup(cases[i].options);
		struct mount_flags flags;

		ck_assert_int_eq(mounts_read_options(words, split(text, words), &flags),
				 -EINVAL);
		ck_assert_ptr_nonnull(strstr(err_last()->text, cases[i].says));
		err_clear();
		free(text);
	}
}
END_TEST

START_TEST(maps_of_ids_that_cannot_be_are_named)
{
	static const char *const maps[] = { "",        "0",      "0:1",    "0:1:0",
					    "0:1:1:1", "-1:0:1", "0:1:1,", "0:1:4294967296",
					    "a:b:c" };

	for (size_t i = 0; i < ARRAY_SIZE(maps); i++) {
		ck_assert_int_eq(idmapped_namespace("0:1:1", maps[i]), -EINVAL);
		ck_assert_ptr_nonnull(strstr(err_last()->text, "gidmap="));
		err_clear();
	}
}
END_TEST

START_TEST(lower_directories_become_relative_to_what_they_share)
{
	char *data = NULL;
	char *folder =
		mounts_shorten("index=off,lowerdir=/a/s/12/fs:/a/s/1/fs,upperdir=/u", &data);

	ck_assert_str_eq(folder, "/a/s/");
	ck_assert_str_eq(data, "index=off,lowerdir=12/fs:1/fs,upperdir=/u");
	free(folder);
	free(data);
	ck_assert_ptr_null(mounts_shorten("upperdir=/u", &data));
	ck_assert_ptr_null(mounts_shorten("lowerdir=/a:/b", &data));
	ck_assert_ptr_null(mounts_shorten("lowerdir=/a/b\\:c:/a/d", &data));
}
END_TEST

START_TEST(counts_of_kills_are_read)
{
	struct oom_counts counts = { 0 };

	oom_parse("low 1\nhigh 0\nmax 5\noom 3\noom_kill 2\nunknown 9\n", &counts);
	ck_assert_uint_eq(counts.oom_kill, 2);
	ck_assert_uint_eq(counts.oom, 3);
	ck_assert_uint_eq(counts.low, 1);
	ck_assert_uint_eq(keyed_number("max\n"), UINT64_MAX);
	ck_assert_uint_eq(keyed_number("12\n"), 12);
}
END_TEST

static void put(const char *folder, const char *name, const char *text)
{
	char *path = xprintf("%s/%s", folder, name);
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	free(path);
}

static void on_changed(struct oom *oom)
{
	oom_read(oom);
}

/* A cgroup in FOLDER/a, which is gone in the end: what is above has one kill more by then. */
static void lose_cgroup(const char *folder, const char *above, uint64_t kills)
{
	char *cgroup = xprintf("%s/a", folder), *file = xprintf("%s/a/memory.events", folder);
	struct loop loop;
	struct oom_watch watch;
	struct oom oom = { 0 };

	ck_assert_int_eq(loop_init(&loop), 0);
	oom_watch_init(&watch, &loop);
	ck_assert_int_eq(mkdir(cgroup, 0700), 0);
	put(folder, "memory.events", "oom_kill 3\n");
	put(cgroup, "memory.events", "max 0\noom 0\noom_kill 0\n");
	oom_start(&oom, &watch, cgroup, on_changed);
	oom_infer(&oom);
	ck_assert(!oom_has_news(&oom));
	put(folder, "memory.events", above);
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(rmdir(cgroup), 0);
	oom_read(&oom);
	oom_infer(&oom);
	ck_assert_uint_eq(oom.counts.oom_kill, kills);
	ck_assert_int_eq(oom_has_news(&oom), kills > 0);
	ck_assert(!oom_has_news(&oom));
	oom_stop(&oom);
	oom_watch_release(&watch);
	loop_release(&loop);
	free(cgroup);
	free(file);
}

START_TEST(a_kill_is_known_though_the_cgroup_went_with_it)
{
	char folder[] = "/tmp/tare-test-XXXXXX", *file;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	lose_cgroup(folder, "oom_kill 4\n", 1);
	lose_cgroup(folder, "oom_kill 3\n", 0);
	file = xprintf("%s/memory.events", folder);
	unlink(file);
	rmdir(folder);
	free(file);
}
END_TEST

START_TEST(metrics_are_what_the_files_say)
{
	static const char *const names[] = {
		"cpu.stat", "cpu.pressure", "memory.stat",         "memory.max",
		"pids.max", "io.stat",      "hugetlb.2MB.current", "hugetlb.2MB.events"
	};
	char folder[] = "/tmp/tare-test-XXXXXX";
	const struct oom_counts counts = { .oom_kill = 3 }, none = { 0 };
	Api__Metrics *metrics;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	put(folder, names[0], "usage_usec 100\nuser_usec 60\nnr_bursts 2\n");
	put(folder, names[1], "some avg10=1.25 avg60=0.50 avg300=10.00 total=77\n");
	put(folder, names[2], "anon 4096\nfile 1\nthp_collapse_alloc 8\n");
	put(folder, names[3], "max\n");
	put(folder, names[4], "10\n");
	put(folder, names[5], "8:16 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n");
	put(folder, names[6], "2097152\n");
	put(folder, names[7], "max 4\n");
	metrics = stats_read(folder, &counts);
	ck_assert_ptr_nonnull(metrics);
	ck_assert_uint_eq(metrics->cpu->usage_usec, 100);
	ck_assert_uint_eq(metrics->cpu->nr_bursts, 2);
	ck_assert(metrics->cpu->psi->some->avg10 == 1.25);
	ck_assert_uint_eq(metrics->cpu->psi->some->total, 77);
	ck_assert_uint_eq(metrics->memory->anon, 4096);
	ck_assert_uint_eq(metrics->memory->thp_collapse_alloc, 8);
	ck_assert_uint_eq(metrics->memory->usage_limit, UINT64_MAX);
	ck_assert_uint_eq(metrics->pids->limit, 10);
	ck_assert_uint_eq(metrics->io->usage[0]->minor, 16);
	ck_assert_uint_eq(metrics->io->usage[0]->wios, 4);
	ck_assert_str_eq(metrics->hugetlb[0]->pagesize, "2MB");
	ck_assert_uint_eq(metrics->hugetlb[0]->failcnt, 4);
	ck_assert_uint_eq(metrics->memory_events->oom_kill, 3);
	stats_free(metrics);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *path = xprintf("%s/%s", folder, names[i]);

		unlink(path);
		free(path);
	}
	rmdir(folder);
	ck_assert_ptr_null(stats_read(folder, &none));
	metrics = stats_read(folder, &counts);
	ck_assert_uint_eq(metrics->memory_events->oom_kill, 3);
	stats_free(metrics);
}
END_TEST

START_TEST(processes_are_counted_where_no_controller_does)
{
	static const char *const folders[] = { "", "/a", "/a/b", "/.hidden" };
	char folder[] = "/tmp/tare-test-XXXXXX";
	const struct oom_counts none = { 0 };
	Api__Metrics *metrics;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		char *path = xprintf("%s%s", folder, folders[i]);

		ck_assert(mkdir(path, 0700) == 0 || errno == EEXIST);
		put(path, "cgroup.threads", i == 0 ? "17\n18\n" : "19\n");
		free(path);
	}
	metrics = stats_read(folder, &none);
	ck_assert_uint_eq(metrics->pids->current, 4);
	ck_assert_uint_eq(metrics->pids->limit, 0);
	stats_free(metrics);
	put(folder, "pids.current", "7\n");
	metrics = stats_read(folder, &none);
	ck_assert_uint_eq(metrics->pids->current, 7);
	stats_free(metrics);
	for (size_t i = ARRAY_SIZE(folders); i-- > 0;) {
		char *path = xprintf("%s%s", folder, folders[i]);
		char *threads = xprintf("%s/cgroup.threads", path);
		char *pids = xprintf("%s/pids.current", path);

		unlink(threads);
		unlink(pids);
		ck_assert_int_eq(rmdir(path), 0);
		free(path);
		free(threads);
		free(pids);
	}
}
END_TEST

Suite *test_shim_options(void)
{
	Suite *suite = suite_create("shim: options");
	TCase *tests = tcase_create("options");

	tcase_add_test(tests, toml_is_read_as_go_reads_it);
	tcase_add_test(tests, toml_that_is_wrong_is_refused_with_its_line);
	tcase_add_test(tests, options_are_kept_for_when_the_shim_is_gone);
	tcase_add_test(tests, the_last_error_of_the_log_counts);
	tcase_add_test(tests, mount_options_are_flags_propagation_and_data);
	tcase_add_test(tests, mount_options_may_ask_for_a_loop_device_and_other_ids);
	tcase_add_test(tests, mount_options_that_cannot_be_are_named);
	tcase_add_test(tests, maps_of_ids_that_cannot_be_are_named);
	tcase_add_test(tests, lower_directories_become_relative_to_what_they_share);
	tcase_add_test(tests, counts_of_kills_are_read);
	tcase_add_test(tests, a_kill_is_known_though_the_cgroup_went_with_it);
	tcase_add_test(tests, metrics_are_what_the_files_say);
	tcase_add_test(tests, processes_are_counted_where_no_controller_does);
	suite_add_tcase(suite, tests);
	return suite;
}
