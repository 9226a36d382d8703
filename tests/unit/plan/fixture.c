/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixture - a plan made of a config.json in a string. */
#include "tests/unit/plan/fixture.h"

#include <check.h>
#include <string.h>

const struct host plan_host = {
	.is_privileged = true,
	.is_initial_userns = true,
	.capabilities = 0x1ffffffffff,
	.last_capability = 40,
	.kernel = 6u << 16 | 12u << 8,
	.cgroup_mount = "/sys/fs/cgroup",
	.own_cgroup = "/a/b",
	.cgroup_controllers = "cpuset cpu io memory hugetlb pids rdma",
	.has_time_namespace = true,
	.is_swap_accounted = true,
};

int plan_fixture_request(struct plan_fixture *fixture, const char *text,
			 struct plan_request request)
{
	struct oci_document document = {
		.name = "config.json",
		.bytes = text,
		.size = strlen(text),
	};
	struct oci_error error = { 0 };

	memset(fixture, 0, sizeof(*fixture));
	ck_assert_msg(oci_decode_spec(&document, &fixture->arena, &fixture->spec, &error) == 0,
		      "%s", error.text);
	request.spec = &fixture->spec;
	return plan_build(&request, &plan_host, &fixture->plan);
}

int plan_fixture_build(struct plan_fixture *fixture, const char *text)
{
	return plan_fixture_request(fixture, text,
				    (struct plan_request){ .id = "c1", .bundle = "/bundle" });
}

void plan_fixture_release(struct plan_fixture *fixture)
{
	plan_release(&fixture->plan);
	arena_free(&fixture->arena);
}
