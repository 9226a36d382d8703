/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan - from config.json, options and host to what will be done; pure. */
#include "plan/plan.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "plan/annotations.h"
#include "plan/build.h"

/* Later parts use what earlier ones found out: see struct build. */
static int (*const parts[])(struct build *) = {
	plan_namespaces, plan_check,   plan_dialect,    plan_net_devices, plan_rootfs,
	plan_resources,  plan_cgroup,  plan_rdt,        plan_mounts,      plan_devices,
	plan_paths,      plan_sysctls, plan_process,    plan_scheduling,  plan_security,
	plan_seccomp,    plan_hooks,   plan_delegation, plan_oddities,
};

static void copy_request(struct build *b)
{
	const struct plan_request *request = b->request;

	b->plan->id = request->id;
	b->plan->bundle = request->bundle;
	b->plan->oci_version = request->spec->oci_version;
	b->plan->is_rootless = !b->host->is_privileged;
	b->init->wants_no_pivot = request->wants_no_pivot;
	b->init->preserve_fds = request->preserve_fds;
	if (!request->wants_no_keyring)
		b->init->session_name = build_text_printf(b, "_ses.%s", request->id);
}

static uint64_t length_of(const char *text)
{
	return text ? strlen(text) : 0;
}

/* What config.json has once and a plan for each mount: the way to the bundle, and a label. */
static uint64_t most_bytes(const struct plan_request *request)
{
	const struct oci_spec *spec = request->spec;
	uint64_t each =
		strlen(request->bundle) +
		length_of(annotation_find(&spec->annotations, ANNOTATION_MOUNT_CONTEXT)) +
		length_of(spec->linux ? spec->linux->mount_label : NULL);

	return block_most(request->document_size) + spec->mounts.count * each;
}

int plan_build(const struct plan_request *request, const struct host *host,
	       struct plan *ret_plan)
{
	static const struct oci_linux nothing;
	struct build b = {
		.request = request,
		.host = host,
		.spec = request->spec,
		.linux = request->spec->linux ? request->spec->linux : &nothing,
		.plan = ret_plan,
	};
	uint64_t most = request->document_size ? most_bytes(request) : 0;

	memset(ret_plan, 0, sizeof(*ret_plan));
	block_open(&ret_plan->block, most <= BLOCK_RESERVE ? (size_t)most : 0);
	ret_plan->init = (struct init_plan *)(void *)ret_plan->block.base;
	b.init = ret_plan->init;
	if (most > BLOCK_RESERVE)
		return err_refuse("mounts: %zu of them below so long a path, or with so long a "
				  "label, are too large a plan",
				  request->spec->mounts.count);
	copy_request(&b);
	return build_each(&b, parts, ARRAY_SIZE(parts));
}

void plan_release(struct plan *plan)
{
	block_close(&plan->block);
	arena_free(&plan->arena);
	memset(plan, 0, sizeof(*plan));
}
