/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resources - from linux.resources to lines for cgroup v2 (config-linux.md, "Memory" on). */
#include <string.h>

#include "base/err.h"
#include "plan/build.h"
#include "plan/limits.h"
#include "plan/weight.h"

#define PERIOD_DEFAULT 100000 /* microseconds, the kernel's */
#define MEMORY_MIN 32768      /* bytes */

/* The controller that FILE belongs to; the files of no controller begin with "cgroup.". */
static const char *controller_of(struct build *b, const char *file)
{
	size_t length = strcspn(file, ".");

	if (strncmp(file, "cgroup.", 7) == 0)
		return NULL;
	return build_copy(b, file, length);
}

static bool has_controller(const struct build *b, const char *controller)
{
	const char *list = b->host->cgroup_controllers;
	size_t length = strlen(controller);

	while (*list) {
		size_t word = strcspn(list, " \n");

		if (word == length && strncmp(list, controller, word) == 0)
			return true;
		list += word + (list[word] != '\0');
	}
	return false;
}

static int check_controller(const struct build *b, const struct limit *limit,
			    const char *controller)
{
	/* Without cgroup2, cgroup.c says what is wrong. */
	if (!controller || !*b->host->cgroup_mount || limit->may_be_absent ||
	    has_controller(b, controller))
		return 0;
	return err_lack("%s: %s \"%s\" can't be set: controller \"%s\" not available%s",
			limit->origin, limit->is_unified ? "unified resource" : "limit",
			limit->file, controller,
			b->host->is_cgroup_hybrid
				? ", it is bound to cgroup v1 (boot the host with "
				  "systemd.unified_cgroup_hierarchy=1, or do not ask for it)"
				: "");
}

int limits_add(struct build *b, const struct limit *limit)
{
	struct cgroup_plan *cgroup = &b->plan->cgroup;
	const char *controller = controller_of(b, limit->file);
	int code = build_note(b, check_controller(b, limit, controller));

	if (code < 0)
		return code;
	cgroup->writes = build_grow(b, cgroup->writes, cgroup->write_count, &b->write_room,
				    sizeof(*cgroup->writes));
	cgroup->writes[cgroup->write_count++] = (struct cgroup_write){
		.file = limit->file,
		.value = limit->value,
		.controller = controller,
		.origin = limit->origin,
		.may_be_absent = limit->may_be_absent,
		.instead = limit->instead,
		.is_try = limit->is_try,
	};
	return 0;
}

/* One value in one file; no limit, what a new cgroup has, needs no file to say so. */
static int add(struct build *b, const char *file, const char *value, const char *origin)
{
	return limits_add(b, &(struct limit){
				     .file = file,
				     .value = value,
				     .origin = origin,
				     .may_be_absent = strncmp(value, "max", 3) == 0,
			     });
}

/* The controllers of cgroup v1 had more to set; see runc, which leaves these out as well. */
static void skip(struct build *b, const char *member)
{
	build_warn(b, LOG_DEBUG, "linux.resources.%s: cgroup v2 does not have that", member);
}

/* -1 is "no limit" in all of them, and what is less means nothing. */
static const char *bytes(struct build *b, int64_t value)
{
	return value == -1 ? "max" : build_printf(b, "%lld", (long long)value);
}

static int check_bytes(const char *member, int64_t value)
{
	if (value < -1)
		return err_refuse("linux.resources.memory.%s: %lld is not a size", member,
				  (long long)value);
	return 0;
}

/*
 * With a page or two, the kernel (6.1) tries for ever to let the first process begin: it does not
 * kill one that its parent waits for as after vfork(2).
 */
static int check_least(const struct build *b, int64_t limit)
{
	if (b->is_update || limit <= 0 || limit >= MEMORY_MIN)
		return 0;
	return err_refuse("linux.resources.memory.limit: container init would be OOM-killed "
			  "(memory limit too low?): %lld bytes hold no process",
			  (long long)limit);
}

static int check_sizes(struct build *b, const struct oci_memory *spec)
{
	return build_note(b, check_bytes("limit", spec->limit.value)) ?:
	       build_note(b, check_least(b, spec->limit.value)) ?:
	       build_note(b, check_bytes("swap", spec->swap.value)) ?:
	       build_note(b, check_bytes("reservation", spec->reservation.value));
}

/*
 * config.json limits memory and swap together, cgroup v2 swap alone.  0 asks
 * for nothing; the same as the memory's limit, for no swap.
 */
static int add_swap(struct build *b, int64_t swap, int64_t limit)
{
	static const char origin[] = LIMIT_ORIGIN("memory.swap");
	const char *value;

	if (swap == -1 || (swap == 0 && limit == -1))
		value = "max";
	else if (swap == 0)
		return 0;
	else if (limit == 0)
		return err_refuse("%s: unable to set swap limit without memory limit", origin);
	else if (limit != -1 && swap < limit)
		return err_refuse("%s: memory+swap limit should be >= memory limit", origin);
	else
		value = bytes(b, limit == -1 ? swap : swap - limit);
	/* Where swap is not accounted, none of it needs no file either. */
	return limits_add(b, &(struct limit){
				     .file = "memory.swap.max",
				     .value = value,
				     .origin = origin,
				     .may_be_absent = strcmp(value, "max") == 0 ||
						      strcmp(value, "0") == 0,
			     });
}

static void skip_memory(struct build *b, const struct oci_memory *spec)
{
	if (spec->kernel.is_set)
		skip(b, "memory.kernel");
	if (spec->kernel_tcp.is_set)
		skip(b, "memory.kernelTCP");
	if (spec->swappiness.is_set)
		skip(b, "memory.swappiness");
	if (spec->disable_oom_killer.is_set)
		skip(b, "memory.disableOOMKiller");
	if (spec->use_hierarchy.is_set)
		skip(b, "memory.useHierarchy");
}

/* memory.checkBeforeUpdate says nothing about a new cgroup: nothing in it uses memory. */
static void check_before(struct build *b, const struct oci_memory *spec)
{
	struct cgroup_plan *cgroup = &b->plan->cgroup;

	if (!b->is_update || !spec->check_before_update.value)
		return;
	if (spec->limit.value > 0)
		cgroup->refused_memory = (uint64_t)spec->limit.value;
	if (spec->swap.value > 0)
		cgroup->refused_swap = (uint64_t)spec->swap.value;
}

static int plan_memory(struct build *b, const struct oci_memory *spec)
{
	size_t failures = b->failures;
	int code;

	if (!spec)
		return 0;
	code = check_sizes(b, spec);
	if (code == 0 && b->failures == failures)
		code = build_note(b, add_swap(b, spec->swap.value, spec->limit.value));
	if (code == 0 && spec->limit.value)
		code = add(b, "memory.max", bytes(b, spec->limit.value),
			   LIMIT_ORIGIN("memory.limit"));
	if (code == 0 && spec->reservation.value)
		code = limits_add(b, &(struct limit){
					     .file = "memory.low",
					     .value = bytes(b, spec->reservation.value),
					     .origin = LIMIT_ORIGIN("memory.reservation"),
				     });
	check_before(b, spec);
	skip_memory(b, spec);
	return code;
}

static int add_bandwidth(struct build *b, const struct oci_cpu *spec)
{
	long long quota = spec->quota.value;
	unsigned long long period = spec->period.value ? spec->period.value : PERIOD_DEFAULT;
	const char *origin = quota ? LIMIT_ORIGIN("cpu.quota") : LIMIT_ORIGIN("cpu.period");

	if (!quota && !spec->period.value)
		return 0;
	if (quota > 0)
		return add(b, "cpu.max", build_printf(b, "%lld %llu", quota, period), origin);
	return add(b, "cpu.max", build_printf(b, "max %llu", period), origin);
}

static int add_idle(struct build *b, bool is_idle)
{
	return add(b, "cpu.idle", is_idle ? "1" : "0", LIMIT_ORIGIN("cpu.idle"));
}

/* An idle cgroup takes no weight, so the weight comes while it is not. */
static int add_share(struct build *b, const struct oci_cpu *spec)
{
	int64_t idle = spec->idle.value;
	int code = 0;

	if (idle != 0 && idle != 1)
		return err_refuse("linux.resources.cpu.idle: %lld is neither 0 nor 1",
				  (long long)idle);
	if (spec->idle.is_set && (!idle || (b->is_update && spec->shares.value)))
		code = add_idle(b, false);
	if (code == 0 && spec->shares.value) {
		uint64_t weight = weight_of_shares(spec->shares.value);

		code = add(b, "cpu.weight", build_printf(b, "%llu", (unsigned long long)weight),
			   LIMIT_ORIGIN("cpu.shares"));
	}
	return code == 0 && idle ? add_idle(b, true) : code;
}

static int add_burst(struct build *b, const struct oci_u64 *burst, bool is_try)
{
	if (!burst->is_set)
		return 0;
	return limits_add(
		b, &(struct limit){
			   .file = "cpu.max.burst",
			   .value = build_printf(b, "%llu", (unsigned long long)burst->value),
			   .origin = LIMIT_ORIGIN("cpu.burst"),
			   .is_try = is_try,
		   });
}

static int plan_cpu(struct build *b, const struct oci_cpu *spec)
{
	int code;

	if (!spec)
		return 0;
	code = build_note(b, add_share(b, spec));
	/* The kernel wants it below the quota, at each moment: it comes behind, or before and behind. */
	if (code == 0 && b->is_update && spec->quota.value)
		code = add_burst(b, &spec->burst, true);
	if (code == 0)
		code = add_bandwidth(b, spec);
	if (code == 0)
		code = add_burst(b, &spec->burst, false);
	if (code == 0 && spec->cpus && *spec->cpus)
		code = add(b, "cpuset.cpus", spec->cpus, LIMIT_ORIGIN("cpu.cpus"));
	if (code == 0 && spec->mems && *spec->mems)
		code = add(b, "cpuset.mems", spec->mems, LIMIT_ORIGIN("cpu.mems"));
	if (spec->realtime_runtime.is_set)
		skip(b, "cpu.realtimeRuntime");
	if (spec->realtime_period.is_set)
		skip(b, "cpu.realtimePeriod");
	return code;
}

/* A limit of 0 would not let the container's own process be; so 0 is one process. */
static int plan_pids(struct build *b, const struct oci_pids *spec)
{
	int64_t limit;

	if (!spec || !spec->limit.is_set)
		return 0;
	limit = spec->limit.value;
	return add(b, "pids.max",
		   limit < 0 ? "max" : build_printf(b, "%lld", (long long)(limit ? limit : 1)),
		   LIMIT_ORIGIN("pids.limit"));
}

/* "64KB", "2MB", "1GB" */
static bool is_page_size(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && text[0] != '0' && strchr("KMG", text[digits]) && text[digits] &&
	       strcmp(text + digits + 1, "B") == 0;
}

static int check_page_size(const char *origin, const char *size)
{
	if (!is_page_size(size))
		return err_refuse("%s.pageSize: \"%s\" is not like 2MB", origin, size);
	return 0;
}

/* What is reserved counts too, where the kernel (5.7) can tell. */
static int plan_hugepages(struct build *b, const struct oci_hugepage_limits *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *size = list->items[i].page_size;
		struct limit limit = {
			.value = build_printf(b, "%llu",
					      (unsigned long long)list->items[i].limit.value),
			.origin = build_printf(b, LIMIT_ORIGIN("hugepageLimits[%zu]"), i),
		};
		int code;

		limit.file = build_printf(b, "hugetlb.%s.max", size);
		code = build_note(b, check_page_size(limit.origin, size))
			       ?: limits_add(b, &limit);
		if (code < 0)
			return code;
		limit.file = build_printf(b, "hugetlb.%s.rsvd.max", size);
		limit.may_be_absent = true;
		limits_add(b, &limit);
	}
	return 0;
}

static int check_rdma_name(const char *origin, const char *name)
{
	if (!*name || strpbrk(name, " \t") || text_has_control(name))
		return err_refuse("%s: not the name of a device", origin);
	return 0;
}

static int plan_rdma(struct build *b, const struct oci_rdmas *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct oci_rdma *item = &list->items[i];
		const char *origin = build_printf(b, LIMIT_ORIGIN("rdma[\"%s\"]"), item->key);
		const char *value = item->key;
		int code;

		code = build_note(b, check_rdma_name(origin, item->key));
		if (code < 0)
			return code;
		if (!item->hca_handles.is_set && !item->hca_objects.is_set)
			continue;
		if (item->hca_handles.is_set)
			value = build_printf(b, "%s hca_handle=%u", value,
					     item->hca_handles.value);
		if (item->hca_objects.is_set)
			value = build_printf(b, "%s hca_object=%u", value,
					     item->hca_objects.value);
		code = add(b, "rdma.max", value, origin);
		if (code < 0)
			return code;
	}
	return 0;
}

/* The files themselves, after everything else; each line of a value is written by itself. */
static int add_unified(struct build *b, const char *file, const char *value, const char *origin)
{
	while (true) {
		size_t length = strcspn(value, "\n");
		bool is_last = value[length] == '\0' || value[length + 1] == '\0';
		struct limit limit = {
			.file = file,
			.value = build_copy(b, value, length),
			.origin = origin,
			.is_unified = true,
		};
		int code = limits_add(b, &limit);

		if (code < 0 || is_last)
			return code;
		value += length + 1;
	}
}

static int check_file_name(const char *origin, const char *name)
{
	if (strchr(name, '/'))
		return err_refuse(
			"%s: unified resource \"%s\" must be a file name (no slashes)", origin,
			name);
	if (name[0] == '.' || !strchr(name, '.') || text_has_control(name))
		return err_refuse("%s: not the name of a cgroup file", origin);
	return 0;
}

static int plan_unified(struct build *b, const struct oci_pairs *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *key = list->items[i].key;
		const char *origin = build_printf(b, LIMIT_ORIGIN("unified[\"%s\"]"), key);
		size_t failures = b->failures;
		int code = build_note(b, check_file_name(origin, key));

		if (code == 0 && b->failures == failures)
			code = add_unified(b, key, list->items[i].value, origin);
		if (code < 0)
			return code;
	}
	return 0;
}

/* The number of processes comes late: what is started on the way must not count against it. */
int plan_resources(struct build *b)
{
	static const struct oci_resources nothing;
	const struct oci_resources *spec = b->linux->resources ? b->linux->resources : &nothing;

	if (spec->network && spec->network->class_id.is_set)
		skip(b, "network.classID");
	if (spec->network && spec->network->priorities.is_set)
		skip(b, "network.priorities");
	return limits_devices(b, &spec->devices) ?: plan_memory(b, spec->memory) ?:
	       plan_cpu(b, spec->cpu) ?: limits_block_io(b, spec->block_io) ?:
	       plan_hugepages(b, &spec->hugepage_limits) ?: plan_rdma(b, &spec->rdma) ?:
	       plan_pids(b, spec->pids) ?: plan_unified(b, &spec->unified);
}
