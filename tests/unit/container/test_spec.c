/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_spec - the config.json to begin with, and where it is written. */
#include "container/spec.h"

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
#include "libocispec/encode.h"
#include "libocispec/spec.h"
#include "tests/unit/scratch.h"

static struct arena arena;
static struct oci_spec spec;

static void decode(const struct buf *text)
{
	struct oci_document document = { "config.json", text->text, text->size };
	struct oci_error error = { 0 };

	ck_assert_msg(oci_decode_spec(&document, &arena, &spec, &error) == 0, "%s", error.text);
}

static void build(bool is_rootless)
{
	struct buf text = { 0 };

	spec_text(is_rootless, 1000, 1001, &text);
	decode(&text);
	buf_release(&text);
}

static bool has(const struct oci_strings *strings, const char *wanted)
{
	for (size_t i = 0; i < strings->count; i++)
		if (strcmp(strings->items[i], wanted) == 0)
			return true;
	return false;
}

static const struct oci_mount *mount_at(const char *destination)
{
	for (size_t i = 0; i < spec.mounts.count; i++)
		if (strcmp(spec.mounts.items[i].destination, destination) == 0)
			return &spec.mounts.items[i];
	ck_abort_msg("nothing is mounted at %s", destination);
	return NULL;
}

static bool has_namespace(enum oci_namespace_type type)
{
	for (size_t i = 0; i < spec.linux->namespaces.count; i++)
		if (spec.linux->namespaces.items[i].type == type)
			return true;
	return false;
}

START_TEST(the_document_decodes_to_what_was_encoded)
{
	struct buf text = { 0 };
	struct oci_text again = { 0 };

	spec_text(_i, 1000, 1001, &text);
	decode(&text);
	oci_encode(&oci_spec_type, &spec, "\t", &again);
	oci_text_add(&again, "\n", 1);
	ck_assert_str_eq(again.bytes, text.text);
	oci_text_release(&again);
	buf_release(&text);
	arena_free(&arena);
}
END_TEST

START_TEST(it_is_a_shell_with_few_rights)
{
	build(false);
	ck_assert_str_eq(spec.oci_version, "1.3.0");
	ck_assert_str_eq(spec.hostname, "tare");
	ck_assert(spec.process->terminal.value && spec.process->no_new_privileges.value);
	ck_assert_str_eq(spec.process->args.items[0], "sh");
	ck_assert_uint_eq(spec.process->capabilities->bounding.count, 3);
	ck_assert_uint_eq(spec.process->capabilities->ambient.count, 0);
	ck_assert(spec.root->readonly.value);
	ck_assert(has(&mount_at("/sys")->options, "ro"));
	ck_assert(has_namespace(OCI_NAMESPACE_NETWORK) && !has_namespace(OCI_NAMESPACE_USER));
	ck_assert(!spec.linux->resources->devices.items[0].allow.value);
	arena_free(&arena);
}
END_TEST

START_TEST(what_tells_about_the_host_is_masked)
{
	static const char *const paths[] = {
		"/proc/acpi",       "/proc/asound",      "/proc/interrupts",
		"/proc/kcore",      "/proc/keys",        "/proc/latency_stats",
		"/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
		"/proc/scsi",       "/sys/firmware",     "/sys/devices/virtual/powercap",
	};

	build(false);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		ck_assert_msg(has(&spec.linux->masked_paths, paths[i]), "%s", paths[i]);
	ck_assert(has(&spec.linux->readonly_paths, "/proc/sysrq-trigger"));
	arena_free(&arena);
}
END_TEST

START_TEST(an_ordinary_user_becomes_root_and_keeps_the_network)
{
	build(true);
	ck_assert(has_namespace(OCI_NAMESPACE_USER) && !has_namespace(OCI_NAMESPACE_NETWORK));
	ck_assert_uint_eq(spec.linux->uid_mappings.items[0].host_id.value, 1000);
	ck_assert_uint_eq(spec.linux->gid_mappings.items[0].host_id.value, 1001);
	ck_assert_ptr_null(spec.linux->resources);
	ck_assert(!has(&mount_at("/dev/pts")->options, "gid=5"));
	ck_assert(has(&mount_at("/sys")->options, "rbind"));
	arena_free(&arena);
}
END_TEST

static char directory[64];

static void make_directory(void)
{
	make_scratch(directory);
}

static void remove_file(const char *name)
{
	int fd = open(directory, O_PATH | O_CLOEXEC);

	unlinkat(fd, name, 0);
	close(fd);
	ck_assert_int_eq(rmdir(directory), 0);
}

START_TEST(a_file_that_is_there_is_kept)
{
	struct spec_options options = { .bundle = directory };
	char text[ERR_TEXT_MAX];

	make_directory();
	ck_assert_int_eq(container_spec(&options), 0);
	ck_assert_int_eq(container_spec(&options), -EINVAL);
	err_text(err_last(), text, sizeof(text));
	ck_assert_str_eq(text, "File config.json exists. Remove it first");
	err_clear();
	remove_file("config.json");
}
END_TEST

START_TEST(the_mode_is_what_the_umask_leaves)
{
	struct spec_options options = { .bundle = directory, .file = "own.json" };
	struct stat status;
	char path[128];

	make_directory();
	umask(027);
	ck_assert_int_eq(container_spec(&options), 0);
	snprintf(path, sizeof(path), "%s/own.json", directory);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0640);
	remove_file("own.json");
}
END_TEST

START_TEST(a_bundle_that_is_not_there_is_named)
{
	struct spec_options options = { .bundle = "/nonexistent" };
	char text[ERR_TEXT_MAX];

	ck_assert_int_eq(container_spec(&options), -ENOENT);
	err_text(err_last(), text, sizeof(text));
	ck_assert_str_eq(text, "bundle: open /nonexistent: no such file or directory");
	err_clear();
}
END_TEST

Suite *test_container_spec(void);
Suite *test_container_spec(void)
{
	Suite *suite = suite_create("container/spec");
	TCase *document = tcase_create("document");
	TCase *file = tcase_create("file");

	tcase_add_loop_test(document, the_document_decodes_to_what_was_encoded, 0, 2);
	tcase_add_test(document, it_is_a_shell_with_few_rights);
	tcase_add_test(document, what_tells_about_the_host_is_masked);
	tcase_add_test(document, an_ordinary_user_becomes_root_and_keeps_the_network);
	tcase_add_test(file, a_file_that_is_there_is_kept);
	tcase_add_test(file, the_mode_is_what_the_umask_leaves);
	tcase_add_test(file, a_bundle_that_is_not_there_is_named);
	suite_add_tcase(suite, document);
	suite_add_tcase(suite, file);
	return suite;
}
