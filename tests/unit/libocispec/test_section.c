/* SPDX-License-Identifier: GPL-2.0-or-later */
/* section - where the specification tells about a member of config.json. */
#include "libocispec/section.h"

#include <check.h>
#include <stdbool.h>
#include <string.h>

#include "libocispec/locate.h"
#include "libocispec/spec.h"

Suite *test_section(void);

static void check_heading(const char *path, const char *heading)
{
	const struct oci_section *section = oci_section_find(path);

	ck_assert_ptr_nonnull(section);
	ck_assert_str_eq(section->heading, heading);
}

START_TEST(a_member_has_the_section_that_tells_about_it)
{
	check_heading("mounts[12].destination", "config.md, Mounts");
	check_heading("mounts", "config.md, Mounts");
	check_heading("process.user.umask", "config.md, POSIX-platform User");
	check_heading("linux.sysctl[\"net.ipv4.ip_forward\"]", "config-linux.md, Sysctl");
}
END_TEST

START_TEST(a_member_without_a_row_has_that_of_what_it_is_in)
{
	check_heading("linux.resources.cpu.shares", "config-linux.md, CPU");
	check_heading("linux.seccomp.syscalls[0].args[3].index", "config-linux.md, Seccomp");
	check_heading("process.nosuch", "config.md, Process");
}
END_TEST

START_TEST(what_is_no_member_has_no_section)
{
	ck_assert_ptr_null(oci_section_find(""));
	ck_assert_ptr_null(oci_section_find("nosuch.path"));
	ck_assert_ptr_null(oci_section_find("[0]"));
}
END_TEST

START_TEST(keys_that_look_like_paths_are_no_paths)
{
	check_heading("annotations[\"linux.sysctl[0]\"]", "config.md, Annotations");
	check_heading("linux.resources.unified[\"]\"]", "config-linux.md, Unified");
}
END_TEST

START_TEST(a_path_longer_than_any_is_cut)
{
	char path[1000];

	memset(path, 'x', sizeof(path));
	memcpy(path, "mounts[", 7);
	path[sizeof(path) - 1] = '\0';
	check_heading(path, "config.md, Mounts");
}
END_TEST

static const struct oci_field *find_field(const struct oci_type *type, const char *name,
					  size_t size)
{
	for (const struct oci_field *field = type->fields; field->name; field++)
		if (strlen(field->name) == size && strncmp(field->name, name, size) == 0)
			return field;
	return NULL;
}

/* The row's path, part by part, by the tables that config.json is read with. */
static bool is_member(const char *path)
{
	const struct oci_type *type = &oci_spec_type;

	while (true) {
		size_t size = strcspn(path, ".[");
		const struct oci_field *field = type ? find_field(type, path, size) : NULL;

		if (!field)
			return false;
		path += size;
		if (*path == '[' && field->shape == OCI_ONE)
			return false;
		path += *path == '[' ? 2 : 0;
		if (*path == '\0')
			return true;
		type = field->kind == OCI_OBJECT ? field->type : NULL;
		path++;
	}
}

START_TEST(each_row_is_of_a_member_that_there_is)
{
	for (const struct oci_section *section = oci_sections; section->path; section++) {
		ck_assert_msg(is_member(section->path), "%s", section->path);
		ck_assert_str_eq(oci_section_find(section->path)->path, section->path);
	}
}
END_TEST

START_TEST(each_member_of_the_top_has_a_row)
{
	for (const struct oci_field *field = oci_spec_type.fields; field->name; field++)
		ck_assert_str_eq(oci_section_find(field->name)->path, field->name);
}
END_TEST

START_TEST(the_path_that_a_text_begins_with_is_found)
{
	const struct oci_type *type = &oci_spec_type;

	ck_assert_uint_eq(oci_path_length(type, "mounts[2].options: no"), 17);
	ck_assert_uint_eq(oci_path_length(type, "root: no"), 4);
	ck_assert_uint_eq(oci_path_length(type, "annotations[\"a: b.c\"]: no"), 21);
	ck_assert_uint_eq(oci_path_length(type, "root no"), 0);
	ck_assert_uint_eq(oci_path_length(type, "open /x: no"), 0);
	ck_assert_uint_eq(oci_path_length(type, "mounts[2: no"), 0);
	ck_assert_uint_eq(oci_path_length(type, "mounts[2]."), 0);
	ck_assert_uint_eq(oci_path_length(type, ""), 0);
}
END_TEST

Suite *test_section(void)
{
	Suite *suite = suite_create("libocispec/section");
	TCase *tests = tcase_create("section");

	tcase_add_test(tests, a_member_has_the_section_that_tells_about_it);
	tcase_add_test(tests, a_member_without_a_row_has_that_of_what_it_is_in);
	tcase_add_test(tests, what_is_no_member_has_no_section);
	tcase_add_test(tests, keys_that_look_like_paths_are_no_paths);
	tcase_add_test(tests, a_path_longer_than_any_is_cut);
	tcase_add_test(tests, each_row_is_of_a_member_that_there_is);
	tcase_add_test(tests, each_member_of_the_top_has_a_row);
	tcase_add_test(tests, the_path_that_a_text_begins_with_is_found);
	suite_add_tcase(suite, tests);
	return suite;
}
