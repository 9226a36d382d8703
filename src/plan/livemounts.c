/* SPDX-License-Identifier: GPL-2.0-or-later */
/* livemounts - mounts that are added to a container that is there, or taken away; pure. */
#include "plan/livemounts.h"

#include <linux/sched.h>
#include <string.h>

#include "base/err.h"
#include "plan/build.h"

/* Removing goes by the place alone, and whatever else is said must not be in the way. */
static struct oci_mounts places_of(struct build *b, const struct oci_mounts *mounts)
{
	struct oci_mount *items = build_items(b, mounts->count, sizeof(*items));

	for (size_t i = 0; i < mounts->count; i++)
		items[i] = (struct oci_mount){
			.destination = mounts->items[i].destination,
			.type = "tmpfs",
		};
	return (struct oci_mounts){ items, mounts->count, true };
}

static int check_namespaces(struct build *b)
{
	if (build_has_namespace(b, CLONE_NEWNS))
		return 0;
	return err_refuse("the container has no mount namespace of its own to mount in");
}

/* What would be shown in place of a cgroup2 that may not be mounted is not the container's to say. */
static void forget_cgroup_sources(struct build *b)
{
	struct block_mount *mounts =
		(struct block_mount *)block_at(b->init, b->init->mounts.at);

	for (uint32_t i = 0; i < b->init->mounts.count; i++)
		if (mounts[i].kind == MOUNT_CGROUP)
			mounts[i].source = 0;
}

int plan_live_mounts(const struct plan_live_request *request, const struct host *host,
		     struct plan *ret_plan)
{
	struct plan_request ways = { .bundle = request->bundle };
	struct oci_linux linux = { 0 };
	struct oci_spec spec = { 0 };
	struct build b = {
		.request = &ways,
		.host = host,
		.spec = &spec,
		.linux = &linux,
		.is_live = true,
	};
	int code;

	memset(ret_plan, 0, sizeof(*ret_plan));
	block_open(&ret_plan->block, 0);
	plan_reopen(&b, request->spec, &spec, &linux, ret_plan);
	ret_plan->id = request->id;
	ret_plan->is_removal = request->is_removal;
	if (request->spec->linux)
		linux.mount_label = request->spec->linux->mount_label;
	spec.mounts = request->is_removal ? places_of(&b, request->mounts) : *request->mounts;
	code = plan_entry(&b) ?: check_namespaces(&b) ?: plan_mounts(&b);
	if (code == 0)
		forget_cgroup_sources(&b);
	return code;
}
