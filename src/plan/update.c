/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update - from what `update` asks for to what will be written. */
#include "plan/update.h"

#include <string.h>

#include "libocispec/overlay.h"
#include "plan/build.h"

/* A copy of what WANTED has, or an empty one, with what goes without saying. */
static struct oci_memory *complete_memory(const struct oci_memory *wanted, struct arena *arena)
{
	struct oci_memory *memory = arena_alloc(arena, sizeof(*memory));

	*memory = *wanted;
	/* Without a limit there is none for swap, either: 0 says so behind -1. */
	if (memory->limit.value == -1 && !memory->swap.is_set)
		memory->swap = (struct oci_i64)OCI_SET(0);
	return memory;
}

static struct oci_cpu *complete_cpu(const struct oci_cpu *wanted, struct arena *arena)
{
	struct oci_cpu *cpu = arena_alloc(arena, sizeof(*cpu));

	*cpu = *wanted;
	/* The kernel forgets the weight of a cgroup when it becomes idle. */
	if (cpu->idle.is_set && !cpu->shares.is_set)
		cpu->shares = (struct oci_u64)OCI_SET(0);
	if (cpu->cpus && !*cpu->cpus)
		cpu->cpus = NULL;
	if (cpu->mems && !*cpu->mems)
		cpu->mems = NULL;
	return cpu;
}

/* memory.swap.max is what is above the limit; so it is another one when that is. */
static void add_memory(const struct oci_memory *all, struct oci_memory *part)
{
	if (part->limit.is_set || part->swap.is_set) {
		part->limit = all->limit;
		part->swap = all->swap;
		part->check_before_update = all->check_before_update;
	}
}

static void add_cpu(const struct oci_cpu *all, struct oci_cpu *part)
{
	if (part->quota.is_set || part->period.is_set) {
		part->quota = all->quota;
		part->period = all->period;
	}
	if (part->shares.value)
		part->idle = all->idle;
}

void update_merge(const struct oci_resources *now, const struct oci_resources *wanted,
		  struct arena *arena, struct oci_resources *ret_all,
		  struct oci_resources *ret_part)
{
	struct oci_resources all = *now;
	struct oci_resources part = *wanted;

	if (wanted->memory)
		part.memory = complete_memory(wanted->memory, arena);
	if (wanted->cpu)
		part.cpu = complete_cpu(wanted->cpu, arena);
	oci_overlay(&oci_resources_type, &part, arena, &all);
	if (part.memory)
		add_memory(all.memory, part.memory);
	if (part.cpu)
		add_cpu(all.cpu, part.cpu);
	*ret_all = all;
	*ret_part = part;
}

int plan_update(const struct oci_resources *part, const struct oci_intel_rdt *rdt,
		const struct host *host, struct plan *ret_plan)
{
	const struct plan_request request = { .id = "" };
	struct oci_linux linux_part = {
		.resources = (struct oci_resources *)part,
		.intel_rdt = (struct oci_intel_rdt *)rdt,
	};
	struct build b = {
		.request = &request,
		.host = host,
		.linux = &linux_part,
		.plan = ret_plan,
		.is_update = true,
	};

	memset(ret_plan, 0, sizeof(*ret_plan));
	block_open(&ret_plan->block, 0);
	ret_plan->cgroup.wants_devices = part->devices.is_set && plan_may_filter_devices(&b);
	return plan_resources(&b) ?: rdt ? plan_rdt_lines(&b) : 0;
}
