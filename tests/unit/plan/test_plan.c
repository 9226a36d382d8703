/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_plan - what holds for plans of any kind; what each says is in tests/golden. */
#include <check.h>
#include <errno.h>
#include <linux/sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "tests/unit/plan/fixture.h"

static struct plan_fixture fixture;

static void release(void)
{
	plan_fixture_release(&fixture);
	err_clear();
}

static const char minimal[] = CONFIG("", "");

START_TEST(the_block_begins_with_the_plan_for_init)
{
	ck_assert_int_eq(plan_fixture_build(&fixture, minimal), 0);
	ck_assert_ptr_eq(fixture.plan.init, fixture.plan.block.base);
	ck_assert_uint_eq(fixture.plan.init->magic, BLOCK_MAGIC);
	ck_assert_uint_eq(fixture.plan.init->size, fixture.plan.block.size);
	ck_assert_str_eq(block_string(fixture.plan.init, fixture.plan.init->rootfs),
			 "/bundle/rootfs");
}
END_TEST

START_TEST(the_same_document_gives_the_same_plan)
{
	struct plan_fixture other;
	size_t size;

	ck_assert_int_eq(plan_fixture_build(&fixture, minimal), 0);
	ck_assert_int_eq(plan_fixture_build(&other, minimal), 0);
	size = fixture.plan.block.size;
	ck_assert_uint_eq(size, other.plan.block.size);
	ck_assert_mem_eq(fixture.plan.block.base, other.plan.block.base, size);
	plan_fixture_release(&other);
}
END_TEST

START_TEST(a_refusal_begins_with_the_path)
{
	static const char text[] = CONFIG(",\"oomScoreAdj\":2000", "");

	ck_assert_int_eq(plan_fixture_build(&fixture, text), -EINVAL);
	ck_assert_int_eq(strncmp(err_last()->text, "process.oomScoreAdj: ", 21), 0);
}
END_TEST

START_TEST(a_plan_that_failed_can_be_released)
{
	static const char text[] = CONFIG("", ",\"cgroupsPath\":\"/..\"");

	ck_assert_int_lt(plan_fixture_build(&fixture, text), 0);
	plan_release(&fixture.plan);
	ck_assert_ptr_null(fixture.plan.block.base);
	plan_release(&fixture.plan);
}
END_TEST

START_TEST(a_success_leaves_no_error_behind)
{
	ck_assert_int_eq(plan_fixture_build(&fixture, minimal), 0);
	ck_assert_int_eq(err_last()->code, 0);
}
END_TEST

START_TEST(preserved_descriptors_are_passed_on)
{
	struct plan_request request = { .id = "c1", .bundle = "/bundle", .preserve_fds = 4 };

	ck_assert_int_eq(plan_fixture_request(&fixture, minimal, request), 0);
	ck_assert_uint_eq(fixture.plan.init->preserve_fds, 4);
}
END_TEST

/* "A=1","A=1",... : the time must not grow with the square of it. */
START_TEST(many_variables_of_one_name_become_one)
{
	const size_t count = 200000;
	char *text = xcalloc(count * 6 + 512, 1);
	size_t size =
		(size_t)sprintf(text, "{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},"
				      "\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]},"
				      "\"process\":{\"cwd\":\"/\",\"args\":[\"a\"],"
				      "\"env\":[\"A=0\"");

	for (size_t i = 0; i < count; i++)
		size += (size_t)sprintf(text + size, ",\"A=%d\"", (int)(i % 10));
	strcpy(text + size, "]}}");
	ck_assert_int_eq(plan_fixture_build(&fixture, text), 0);
	ck_assert_uint_eq(fixture.plan.init->env.count, 1);
	ck_assert_str_eq(
		block_string(fixture.plan.init,
			     LIST_OF(fixture.plan.init, fixture.plan.init->env, block_text)[0]),
		"A=9");
	free(text);
}
END_TEST

/* The densest list there is: what becomes of 16 MiB of it must fit the reservation. */
START_TEST(the_largest_document_fits_the_block)
{
	const size_t count = 1200000;
	char *text = xcalloc(count * 13 + 512, 1);
	size_t size =
		(size_t)sprintf(text, "{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},"
				      "\"linux\":{\"namespaces\":[{\"type\":\"mount\"}],"
				      "\"maskedPaths\":[\"/x\"");

	for (size_t i = 0; i < count; i++)
		size += (size_t)sprintf(text + size, ",\"/%zx\"", i);
	strcpy(text + size, "]}}");
	ck_assert_int_eq(plan_fixture_build(&fixture, text), 0);
	ck_assert_uint_eq(fixture.plan.init->masked_paths.count, count + 1);
	ck_assert_uint_lt(fixture.plan.block.size, BLOCK_RESERVE);
	free(text);
}
END_TEST

/* COUNT mounts of TYPE beside MORE members of linux; as from a file of this size. */
static int build_mounts(size_t count, const char *type, const char *more)
{
	const size_t room = count * 64 + strlen(more) + 512;
	char *text = xcalloc(room, 1);
	size_t size = (size_t)snprintf(text, room,
				       "{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},"
				       "\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]%s},"
				       "\"mounts\":[",
				       more);
	int r;

	for (size_t i = 0; i < count; i++)
		size += (size_t)snprintf(text + size, room - size,
					 "%s{\"destination\":\"/m\",\"type\":\"%s\"}",
					 i ? "," : "", type);
	size += (size_t)snprintf(text + size, room - size, "]}");
	r = plan_fixture_request(&fixture, text,
				 (struct plan_request){
					 .id = "c1",
					 .bundle = "/bundle",
					 .document_size = size,
				 });
	free(text);
	return r;
}

START_TEST(what_is_said_once_and_is_of_each_mount_has_room)
{
	_cleanup_free_ char *path = xprintf(",\"cgroupsPath\":\"/%03000d\"", 1);
	_cleanup_free_ char *label = xprintf(",\"mountLabel\":\"%03000d\"", 1);

	ck_assert_int_eq(build_mounts(1000, "cgroup", path), 0);
	plan_fixture_release(&fixture);
	/* There is no SELinux here, which is found out when all is in the block. */
	ck_assert_int_lt(build_mounts(1000, "tmpfs", label), 0);
	ck_assert_ptr_nonnull(strstr(err_last()->text, "selinux"));
	err_clear();
	ck_assert_uint_gt(fixture.plan.block.size, 3000 * 1000);
}
END_TEST

START_TEST(what_is_said_once_is_refused_where_it_comes_to_too_much)
{
	_cleanup_free_ char *label = xprintf(",\"mountLabel\":\"%0200000d\"", 1);

	ck_assert_int_lt(build_mounts(1000, "tmpfs", label), 0);
	ck_assert_str_eq(err_last()->text,
			 "mounts: 1000 of them below so long a path, or with so long a label, "
			 "are too large a plan");
	err_clear();
}
END_TEST

START_TEST(as_many_mappings_as_the_kernel_takes_are_taken)
{
	char text[340 * 64 + 512];
	size_t size =
		(size_t)sprintf(text, "{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},"
				      "\"linux\":{\"namespaces\":[{\"type\":\"mount\"},"
				      "{\"type\":\"user\"}],\"gidMappings\":["
				      "{\"containerID\":0,\"hostID\":0,\"size\":1}],"
				      "\"uidMappings\":[");

	for (int i = 0; i < 340; i++)
		size += (size_t)sprintf(text + size,
					"%s{\"containerID\":%d,\"hostID\":%d,\"size\":1}",
					i ? "," : "", i, i + 1000);
	strcpy(text + size, "]}}");
	ck_assert_int_eq(plan_fixture_build(&fixture, text), 0);
	ck_assert_uint_eq(fixture.plan.uid_map_count, 340);
	ck_assert_uint_eq(fixture.plan.uid_maps[339].host, 1339);
}
END_TEST

START_TEST(a_time_namespace_is_never_among_the_clone_flags)
{
	static const char text[] = "{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},"
				   "\"linux\":{\"namespaces\":[{\"type\":\"mount\"},"
				   "{\"type\":\"time\"}]}}";

	ck_assert_int_eq(plan_fixture_build(&fixture, text), 0);
	ck_assert_uint_eq(fixture.plan.clone_flags, CLONE_NEWNS);
	ck_assert(fixture.plan.wants_time_namespace);
	ck_assert(fixture.plan.needs_joiner);
}
END_TEST

START_TEST(the_dump_has_one_line_for_each_thing)
{
	static const char text[] = CONFIG(",\"env\":[\"A=1\\n2\"]", "");
	_cleanup_buf_ struct buf out = { 0 };

	ck_assert_int_eq(plan_fixture_build(&fixture, text), 0);
	plan_dump(&fixture.plan, &out);
	ck_assert_ptr_nonnull(strstr(buf_text(&out), "\nenv: \"A=1\\n2\"\n"));
}
END_TEST

Suite *test_plan_plan(void);
Suite *test_plan_plan(void)
{
	Suite *suite = suite_create("plan/plan");
	TCase *tests = tcase_create("plan");

	tcase_add_checked_fixture(tests, NULL, release);
	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, the_block_begins_with_the_plan_for_init);
	tcase_add_test(tests, the_same_document_gives_the_same_plan);
	tcase_add_test(tests, a_refusal_begins_with_the_path);
	tcase_add_test(tests, a_plan_that_failed_can_be_released);
	tcase_add_test(tests, a_success_leaves_no_error_behind);
	tcase_add_test(tests, preserved_descriptors_are_passed_on);
	tcase_add_test(tests, many_variables_of_one_name_become_one);
	tcase_add_test(tests, the_largest_document_fits_the_block);
	tcase_add_test(tests, what_is_said_once_and_is_of_each_mount_has_room);
	tcase_add_test(tests, what_is_said_once_is_refused_where_it_comes_to_too_much);
	tcase_add_test(tests, as_many_mappings_as_the_kernel_takes_are_taken);
	tcase_add_test(tests, a_time_namespace_is_never_among_the_clone_flags);
	tcase_add_test(tests, the_dump_has_one_line_for_each_thing);
	suite_add_tcase(suite, tests);
	return suite;
}
