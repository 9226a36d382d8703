/* SPDX-License-Identifier: GPL-2.0-or-later */
/* documents - state and features as others read them. */
#include "libocispec/features.h"
#include "libocispec/state.h"

#include <string.h>

#include "libocispec/encode.h"
#include "tests/unit/libocispec/suites.h"

static struct oci_text text;

static void teardown(void)
{
	oci_text_release(&text);
}

static const struct oci_pair annotations[] = { { "k", "v" } };

static struct oci_state running(void)
{
	return (struct oci_state){
		.oci_version = "1.3.0",
		.id = "c1",
		.pid = OCI_SET(42),
		.status = OCI_STATUS_RUNNING,
		.bundle = "/b",
		.rootfs = "/b/rootfs",
		.created = "2026-01-02T03:04:05.123456789Z",
		.owner = "",
	};
}

START_TEST(hooks_get_the_members_of_the_specification)
{
	struct oci_state state = running();

	state.annotations = (struct oci_pairs)OCI_LIST_OF(annotations);
	oci_encode(&oci_state_type, &state, NULL, &text);
	ck_assert_str_eq(text.bytes,
			 "{\"ociVersion\":\"1.3.0\",\"id\":\"c1\",\"status\":\"running\","
			 "\"pid\":42,\"bundle\":\"/b\",\"annotations\":{\"k\":\"v\"}}");
}
END_TEST

START_TEST(people_get_more_in_the_order_that_managers_know)
{
	struct oci_state state = running();

	oci_encode(&oci_state_full_type, &state, "  ", &text);
	ck_assert_str_eq(text.bytes, "{\n"
				     "  \"ociVersion\": \"1.3.0\",\n"
				     "  \"id\": \"c1\",\n"
				     "  \"pid\": 42,\n"
				     "  \"status\": \"running\",\n"
				     "  \"bundle\": \"/b\",\n"
				     "  \"rootfs\": \"/b/rootfs\",\n"
				     "  \"created\": \"2026-01-02T03:04:05.123456789Z\",\n"
				     "  \"owner\": \"\"\n"
				     "}");
}
END_TEST

START_TEST(a_state_can_be_read_back)
{
	struct oci_state state = running();
	struct oci_state again;
	struct oci_error error;
	struct arena arena = { 0 };
	struct oci_document document;

	oci_encode(&oci_state_full_type, &state, NULL, &text);
	document = (struct oci_document){ "state", text.bytes, text.size };
	ck_assert_int_eq(oci_decode_state(&document, &arena, &again, &error), 0);
	ck_assert_str_eq(again.id, "c1");
	ck_assert_int_eq(again.pid.value, 42);
	ck_assert_int_eq(again.status, OCI_STATUS_RUNNING);
	ck_assert_str_eq(again.owner, "");
	arena_free(&arena);
}
END_TEST

START_TEST(the_seccomp_agent_gets_the_state_within_its_own)
{
	static const char *const fds[] = { "seccompFd" };
	struct oci_state state = running();
	struct oci_process_state process = {
		.oci_version = "1.3.0",
		.fds = OCI_LIST_OF(fds),
		.pid = OCI_SET(43),
		.metadata = "m",
		.state = &state,
	};

	oci_encode(&oci_process_state_type, &process, NULL, &text);
	ck_assert_str_eq(text.bytes,
			 "{\"ociVersion\":\"1.3.0\",\"fds\":[\"seccompFd\"],\"pid\":43,"
			 "\"metadata\":\"m\",\"state\":{\"ociVersion\":\"1.3.0\",\"id\":\"c1\","
			 "\"status\":\"running\",\"pid\":42,\"bundle\":\"/b\"}}");
}
END_TEST

START_TEST(features_tell_not_supported_from_not_known)
{
	static const char *const namespaces[] = { "pid", "time" };
	struct oci_cgroup_features cgroup = { .v1 = OCI_SET(false), .v2 = OCI_SET(true) };
	struct oci_enabled yes = { OCI_SET(true) };
	struct oci_mount_extensions extensions = { &yes };
	struct oci_linux_features linux_features = {
		.namespaces = OCI_LIST_OF(namespaces),
		.capabilities.is_set = true,
		.cgroup = &cgroup,
		.mount_extensions = &extensions,
		.net_devices = &yes,
	};
	struct oci_features features = {
		.oci_version_min = "1.0.0",
		.oci_version_max = "1.3.0",
		.linux = &linux_features,
	};

	oci_encode(&oci_features_type, &features, NULL, &text);
	ck_assert_str_eq(text.bytes,
			 "{\"ociVersionMin\":\"1.0.0\",\"ociVersionMax\":\"1.3.0\",\"linux\":{"
			 "\"namespaces\":[\"pid\",\"time\"],\"capabilities\":[],"
			 "\"cgroup\":{\"v1\":false,\"v2\":true},"
			 "\"mountExtensions\":{\"idmap\":{\"enabled\":true}},"
			 "\"netDevices\":{\"enabled\":true}}}");
}
END_TEST

START_TEST(every_member_of_features_survives)
{
	static const char whole[] =
		"{\"ociVersionMin\":\"1\",\"ociVersionMax\":\"2\",\"hooks\":[\"prestart\"],"
		"\"mountOptions\":[\"rro\"],\"linux\":{\"namespaces\":[],\"capabilities\":[],"
		"\"cgroup\":{\"v1\":false,\"v2\":true,\"systemd\":true,\"systemdUser\":true,"
		"\"rdma\":false},\"seccomp\":{\"enabled\":true,\"actions\":[],\"operators\":[],"
		"\"archs\":[],\"knownFlags\":[],\"supportedFlags\":[]},"
		"\"apparmor\":{\"enabled\":false},\"selinux\":{\"enabled\":true},"
		"\"intelRdt\":{\"enabled\":true,\"schemata\":true,\"monitoring\":false},"
		"\"memoryPolicy\":{\"modes\":[],\"flags\":[]},"
		"\"mountExtensions\":{\"idmap\":{\"enabled\":true}},"
		"\"netDevices\":{\"enabled\":true}},\"annotations\":{\"a\":\"b\"},"
		"\"potentiallyUnsafeConfigAnnotations\":[\"a.\"]}";
	struct oci_document document = { "features", whole, sizeof(whole) - 1 };
	struct arena arena = { 0 };
	struct oci_features features;
	struct oci_error error;

	ck_assert_int_eq(oci_decode(&oci_features_type, &document, &arena, &features, &error),
			 0);
	oci_encode(&oci_features_type, &features, NULL, &text);
	ck_assert_str_eq(text.bytes, whole);
	arena_free(&arena);
}
END_TEST

Suite *test_documents(void)
{
	Suite *suite = suite_create("libocispec/documents");
	TCase *documents = tcase_create("documents");

	tcase_add_checked_fixture(documents, NULL, teardown);
	tcase_add_test(documents, hooks_get_the_members_of_the_specification);
	tcase_add_test(documents, people_get_more_in_the_order_that_managers_know);
	tcase_add_test(documents, a_state_can_be_read_back);
	tcase_add_test(documents, the_seccomp_agent_gets_the_state_within_its_own);
	tcase_add_test(documents, features_tell_not_supported_from_not_known);
	tcase_add_test(documents, every_member_of_features_survives);
	suite_add_tcase(suite, documents);
	return suite;
}
