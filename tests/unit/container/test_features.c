/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_features - what managers look for in `tare features`. */
#include "container/features.h"

#include <check.h>
#include <string.h>

#include "libocispec/decode.h"
#include "libocispec/features.h"

static struct arena arena;
static struct oci_features features;

static void read_features(void)
{
	struct buf text = { 0 };
	struct oci_document document;
	struct oci_error error = { 0 };

	ck_assert_int_eq(container_features(&text), 0);
	document = (struct oci_document){ "features", text.text, text.size };
	ck_assert_msg(oci_decode(&oci_features_type, &document, &arena, &features, &error) == 0,
		      "%s", error.text);
	buf_release(&text);
}

static void release(void)
{
	arena_free(&arena);
}

static bool has(const struct oci_strings *strings, const char *wanted)
{
	for (size_t i = 0; i < strings->count; i++)
		if (strcmp(strings->items[i], wanted) == 0)
			return true;
	return false;
}

START_TEST(the_versions_are_there)
{
	ck_assert_str_eq(features.oci_version_min, "1.0.0");
	ck_assert_str_eq(features.oci_version_max, "1.3.0");
	ck_assert_str_eq(
		oci_pairs_get(&features.annotations, "org.opencontainers.tare.version"),
		TARE_VERSION);
	ck_assert_ptr_nonnull(
		oci_pairs_get(&features.annotations, "io.github.seccomp.libseccomp.version"));
}
END_TEST

START_TEST(all_hooks_and_namespaces_are_there)
{
	ck_assert_uint_eq(features.hooks.count, 6);
	ck_assert(has(&features.hooks, "startContainer"));
	ck_assert_uint_eq(features.linux->namespaces.count, 8);
	ck_assert(has(&features.linux->namespaces, "time"));
	ck_assert(!has(&features.linux->namespaces, ""));
}
END_TEST

START_TEST(docker_finds_recursive_read_only_and_idmaps)
{
	ck_assert(has(&features.mount_options, "rro"));
	ck_assert(has(&features.mount_options, "tmpcopyup"));
	ck_assert(has(&features.mount_options, "idmap"));
	ck_assert(has(&features.mount_options, "ridmap"));
	ck_assert(features.linux->mount_extensions->idmap->enabled.value);
}
END_TEST

START_TEST(network_devices_and_caches_are_offered)
{
	ck_assert(features.linux->net_devices->enabled.value);
	ck_assert(features.linux->intel_rdt->enabled.value);
	ck_assert(features.linux->intel_rdt->schemata.value);
	ck_assert(features.linux->intel_rdt->monitoring.value);
}
END_TEST

START_TEST(capabilities_are_named_as_config_json_does)
{
	ck_assert(has(&features.linux->capabilities, "CAP_CHOWN"));
	ck_assert(has(&features.linux->capabilities, "CAP_NET_BIND_SERVICE"));
	for (size_t i = 0; i < features.linux->capabilities.count; i++)
		ck_assert_int_eq(strncmp(features.linux->capabilities.items[i], "CAP_", 4), 0);
}
END_TEST

START_TEST(only_cgroup_v2_is_known)
{
	ck_assert(features.linux->cgroup->v2.value);
	ck_assert(features.linux->cgroup->v1.is_set && !features.linux->cgroup->v1.value);
}
END_TEST

Suite *test_container_features(void);
Suite *test_container_features(void)
{
	Suite *suite = suite_create("container/features");
	TCase *document = tcase_create("document");

	tcase_add_checked_fixture(document, read_features, release);
	tcase_add_test(document, the_versions_are_there);
	tcase_add_test(document, all_hooks_and_namespaces_are_there);
	tcase_add_test(document, docker_finds_recursive_read_only_and_idmaps);
	tcase_add_test(document, network_devices_and_caches_are_offered);
	tcase_add_test(document, capabilities_are_named_as_config_json_does);
	tcase_add_test(document, only_cgroup_v2_is_known);
	suite_add_tcase(suite, document);
	return suite;
}
