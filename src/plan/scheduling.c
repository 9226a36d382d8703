/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scheduling - scheduler, I/O priority, personality and memory policy of the process. */
#include <linux/ioprio.h>
#include <linux/mempolicy.h>
#include <linux/sched.h>
#include <sys/personality.h>

#include "base/err.h"
#include "plan/build.h"
#include "plan/cpulist.h"

#define NICE_MIN (-20)
#define NICE_MAX 19
#define IO_PRIORITY_MAX 7
#define REALTIME_MIN 1
#define REALTIME_MAX 99

/* clang-format off */
static const uint32_t policies[] = {
	[OCI_SCHED_OTHER]    = SCHED_NORMAL,
	[OCI_SCHED_FIFO]     = SCHED_FIFO,
	[OCI_SCHED_RR]       = SCHED_RR,
	[OCI_SCHED_BATCH]    = SCHED_BATCH,
	[OCI_SCHED_ISO]      = 4, /* reserved: the kernel refuses it, and says so */
	[OCI_SCHED_IDLE]     = SCHED_IDLE,
	[OCI_SCHED_DEADLINE] = SCHED_DEADLINE,
};

static const uint64_t policy_flags[] = {
	[OCI_SCHED_FLAG_RESET_ON_FORK]  = SCHED_FLAG_RESET_ON_FORK,
	[OCI_SCHED_FLAG_RECLAIM]        = SCHED_FLAG_RECLAIM,
	[OCI_SCHED_FLAG_DL_OVERRUN]     = SCHED_FLAG_DL_OVERRUN,
	[OCI_SCHED_FLAG_KEEP_POLICY]    = SCHED_FLAG_KEEP_POLICY,
	[OCI_SCHED_FLAG_KEEP_PARAMS]    = SCHED_FLAG_KEEP_PARAMS,
	[OCI_SCHED_FLAG_UTIL_CLAMP_MIN] = SCHED_FLAG_UTIL_CLAMP_MIN,
	[OCI_SCHED_FLAG_UTIL_CLAMP_MAX] = SCHED_FLAG_UTIL_CLAMP_MAX,
};

static const uint32_t io_classes[] = {
	[OCI_IO_CLASS_RT]   = IOPRIO_CLASS_RT,
	[OCI_IO_CLASS_BE]   = IOPRIO_CLASS_BE,
	[OCI_IO_CLASS_IDLE] = IOPRIO_CLASS_IDLE,
};

static const uint64_t personalities[] = {
	[OCI_PERSONALITY_LINUX]   = PER_LINUX,
	[OCI_PERSONALITY_LINUX32] = PER_LINUX32,
};

enum nodes_wanted { NODES_NONE, NODES_ANY, NODES_SOME };

static const struct {
	uint32_t mode;
	enum nodes_wanted nodes;
} memory_modes[] = {
	[OCI_MPOL_DEFAULT]             = { MPOL_DEFAULT,        NODES_NONE },
	[OCI_MPOL_PREFERRED]           = { MPOL_PREFERRED,      NODES_ANY },
	[OCI_MPOL_BIND]                = { MPOL_BIND,           NODES_SOME },
	[OCI_MPOL_INTERLEAVE]          = { MPOL_INTERLEAVE,     NODES_SOME },
	[OCI_MPOL_LOCAL]               = { MPOL_LOCAL,          NODES_NONE },
	[OCI_MPOL_PREFERRED_MANY]      = { MPOL_PREFERRED_MANY, NODES_SOME },
	[OCI_MPOL_WEIGHTED_INTERLEAVE] = { 6,                   NODES_SOME }, /* Linux 6.9 */
};

static const uint32_t memory_flags[] = {
	[OCI_MPOL_F_NUMA_BALANCING] = MPOL_F_NUMA_BALANCING,
	[OCI_MPOL_F_RELATIVE_NODES] = MPOL_F_RELATIVE_NODES,
	[OCI_MPOL_F_STATIC_NODES]   = MPOL_F_STATIC_NODES,
};
/* clang-format on */

static int check_nice(const struct oci_scheduler *spec)
{
	if (spec->nice.value < NICE_MIN || spec->nice.value > NICE_MAX)
		return err_refuse("process.scheduler.nice: invalid scheduler.nice: %d",
				  spec->nice.value);
	return 0;
}

static int check_priority(const struct oci_scheduler *spec)
{
	bool is_realtime = spec->policy == OCI_SCHED_FIFO || spec->policy == OCI_SCHED_RR;
	int priority = spec->priority.value;

	if (!is_realtime && priority != 0)
		return err_refuse("process.scheduler.priority: scheduler.priority can only be "
				  "specified for SchedFIFO or SchedRR policy");
	if (is_realtime && (priority < REALTIME_MIN || priority > REALTIME_MAX))
		return err_refuse("process.scheduler.priority: %d is not from 1 to 99",
				  priority);
	return 0;
}

static int check_times(const struct oci_scheduler *spec)
{
	bool has_times = spec->runtime.value || spec->deadline.value || spec->period.value;

	if (spec->policy != OCI_SCHED_DEADLINE && has_times)
		return err_refuse(
			"process.scheduler: scheduler runtime/deadline/period can only "
			"be specified for SchedDeadline policy");
	return 0;
}

static int check_scheduler(struct build *b, const struct oci_scheduler *spec)
{
	int code = build_note(b, check_nice(spec));

	/* A policy that could not be read may have either. */
	if (code < 0 || !spec->policy)
		return code;
	return build_note(b, check_priority(spec)) ?: build_note(b, check_times(spec));
}

/* sched(7): a child of tare-init would not inherit these, or could not be there. */
static bool is_for_the_process_alone(const struct block_scheduler *scheduler)
{
	return scheduler->policy == SCHED_DEADLINE ||
	       scheduler->flags & SCHED_FLAG_RESET_ON_FORK;
}

static int plan_scheduler(struct build *b, const struct oci_scheduler *spec)
{
	struct block_scheduler *scheduler = &b->init->scheduler;
	int code;

	if (!spec)
		return 0;
	code = check_scheduler(b, spec);
	if (code < 0)
		return code;
	scheduler->is_set = 1;
	scheduler->policy = policies[spec->policy];
	scheduler->nice = spec->nice.value;
	scheduler->priority = (uint32_t)spec->priority.value;
	scheduler->runtime = spec->runtime.value;
	scheduler->deadline = spec->deadline.value;
	scheduler->period = spec->period.value;
	for (size_t i = 0; i < spec->flags.count; i++)
		scheduler->flags |= policy_flags[spec->flags.items[i]];
	scheduler->is_late =
		(b->init->enters || b->init->surfaces) && is_for_the_process_alone(scheduler);
	return 0;
}

static int plan_io_priority(struct build *b, const struct oci_io_priority *spec)
{
	if (!spec)
		return 0;
	if (spec->priority.value < 0 || spec->priority.value > IO_PRIORITY_MAX)
		return err_refuse(
			"process.ioPriority.priority: invalid ioPriority.Priority: %d",
			spec->priority.value);
	b->init->has_io_priority = 1;
	b->init->io_priority =
		io_classes[spec->class] << IOPRIO_CLASS_SHIFT | (uint32_t)spec->priority.value;
	return 0;
}

/* The specification has a list of flags, and no flag yet. */
static int plan_personality(struct build *b, const struct oci_personality *spec)
{
	if (!spec)
		return 0;
	if (spec->flags.count)
		return err_refuse("linux.personality.flags[0]: there is no flag \"%s\"",
				  spec->flags.items[0]);
	b->init->has_personality = 1;
	b->init->personality = personalities[spec->domain];
	return 0;
}

static int plan_memory_nodes(struct build *b, const struct oci_memory_policy *spec)
{
	enum nodes_wanted wanted = memory_modes[spec->mode].nodes;
	uint64_t *words = build_items(b, CPULIST_MAX / 64, sizeof(*words));
	const char *list = spec->nodes ? spec->nodes : "";
	unsigned count = 0;
	size_t used;
	void *room;

	if (*list && !cpulist_is_valid(list))
		return err_refuse(
			"linux.memoryPolicy.nodes: invalid memory policy node: \"%s\"", list);
	used = cpulist_bits(list, words);
	for (size_t i = 0; i < used; i++)
		count += (unsigned)__builtin_popcountll(words[i]);
	if (wanted == NODES_NONE && count)
		return err_refuse(
			"linux.memoryPolicy.nodes: invalid memory policy: mode requires "
			"0 nodes but got %u",
			count);
	if (wanted == NODES_SOME && !count)
		return err_refuse(
			"linux.memoryPolicy.nodes: invalid memory policy: mode requires "
			"at least 1 node but got 0");
	b->init->memory_nodes = block_put_list(&b->plan->block, used, sizeof(*words), &room);
	for (size_t i = 0; i < used; i++)
		((uint64_t *)room)[i] = words[i];
	return 0;
}

static int plan_memory_policy(struct build *b, const struct oci_memory_policy *spec)
{
	const uint32_t opposites = MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES;
	uint32_t flags = 0;

	if (!spec)
		return 0;
	for (size_t i = 0; i < spec->flags.count; i++)
		flags |= memory_flags[spec->flags.items[i]];
	if ((flags & opposites) == opposites)
		return err_refuse(
			"linux.memoryPolicy.flags: invalid memory policy flag: static "
			"and relative nodes exclude each other");
	b->init->has_memory_policy = 1;
	b->init->memory_policy = memory_modes[spec->mode].mode | flags;
	return plan_memory_nodes(b, spec);
}

int plan_scheduling(struct build *b)
{
	const struct oci_process *process = b->spec->process;
	int code = 0;

	if (process)
		code = plan_scheduler(b, process->scheduler)
			       ?: build_note(b, plan_io_priority(b, process->io_priority));
	return code ?: build_note(b, plan_personality(b, b->linux->personality)) ?:
	       plan_memory_policy(b, b->linux->memory_policy);
}
