/* SPDX-License-Identifier: GPL-2.0-or-later */
/* update - `tare update`. */
#include "container/update.h"

#include <limits.h>

#include "base/amount.h"
#include "base/err.h"
#include "base/number.h"
#include "cli/commands.h"
#include "container/state.h"

struct update_options {
	const char *resources;
	const char *block_weight;
	const char *cpu_period, *cpu_quota, *cpu_burst, *cpu_share;
	const char *cpu_rt_period, *cpu_rt_runtime;
	const char *cpus, *mems, *idle;
	const char *kernel_memory, *kernel_memory_tcp;
	const char *memory, *reservation, *swap;
	const char *pids;
	const char *l3_cache, *mem_bandwidth;
};

/* clang-format off */
#define T update_options
static const struct option_spec rows[] = {
	TEXT("r", "resources",          resources,         "FILE", "JSON as in linux.resources, - for stdin; no other option counts then"),
	TEXT("",  "blkio-weight",       block_weight,      "N",    "share of block I/O, from 10 to 1000"),
	TEXT("",  "cpu-period",         cpu_period,        "USEC", "length of a period"),
	TEXT("",  "cpu-quota",          cpu_quota,         "USEC", "time in each period, -1 for no limit"),
	TEXT("",  "cpu-burst",          cpu_burst,         "USEC", "time that may be saved up for later periods"),
	TEXT("",  "cpu-share",          cpu_share,         "N",    "share of the processors, from 2 to 262144"),
	TEXT("",  "cpu-rt-period",      cpu_rt_period,     "USEC", "taken and ignored, cgroup v2 has none"),
	TEXT("",  "cpu-rt-runtime",     cpu_rt_runtime,    "USEC", "taken and ignored, cgroup v2 has none"),
	TEXT("",  "cpuset-cpus",        cpus,              "LIST", "processors to use"),
	TEXT("",  "cpuset-mems",        mems,              "LIST", "memory nodes to use"),
	TEXT("",  "cpu-idle",           idle,              "N",    "1 to run only when nobody else wants to, 0 not"),
	TEXT("",  "kernel-memory",      kernel_memory,     "SIZE", "taken and ignored, cgroup v2 has none"),
	TEXT("",  "kernel-memory-tcp",  kernel_memory_tcp, "SIZE", "taken and ignored, cgroup v2 has none"),
	TEXT("",  "memory",             memory,            "SIZE", "limit of memory, -1 for none"),
	TEXT("",  "memory-reservation", reservation,       "SIZE", "memory that is not taken away under pressure"),
	TEXT("",  "memory-swap",        swap,              "SIZE", "limit of memory and swap together, -1 for none"),
	TEXT("",  "pids-limit",         pids,              "N",    "how many processes, -1 for no limit"),
	TEXT("",  "l3-cache-schema",    l3_cache,          "TEXT", "shares of the L3 cache, as in linux.intelRdt"),
	TEXT("",  "mem-bw-schema",      mem_bandwidth,     "TEXT", "shares of memory bandwidth, as in linux.intelRdt"),
	{ 0 },
};
#undef T

/* What the options come to. */
struct request {
	struct oci_resources resources;
	struct oci_memory memory;
	struct oci_cpu cpu;
	struct oci_pids pids;
	struct oci_block_io block_io;
};

enum amount_kind { AMOUNT_U16, AMOUNT_U64, AMOUNT_I64, AMOUNT_BYTES, AMOUNT_TEXT };

/* Which option goes where. */
struct amount {
	const char *name;
	size_t option; /* in struct update_options */
	enum amount_kind kind;
	size_t member; /* in struct request */
};

/* NOLINTBEGIN(bugprone-macro-parentheses): a type cannot be in parentheses here */
#define AMOUNT(n, o, k, m, t) \
	{ (n), offsetof(struct update_options, o), (k), \
	  offsetof(struct request, m) + _Generic(((struct request *)0)->m, t: 0) }
/* NOLINTEND(bugprone-macro-parentheses) */
static const struct amount amounts[] = {
	AMOUNT("blkio-weight",       block_weight,      AMOUNT_U16,   block_io.weight,         struct oci_u16),
	AMOUNT("cpu-period",         cpu_period,        AMOUNT_U64,   cpu.period,              struct oci_u64),
	AMOUNT("cpu-quota",          cpu_quota,         AMOUNT_I64,   cpu.quota,               struct oci_i64),
	AMOUNT("cpu-burst",          cpu_burst,         AMOUNT_U64,   cpu.burst,               struct oci_u64),
	AMOUNT("cpu-share",          cpu_share,         AMOUNT_U64,   cpu.shares,              struct oci_u64),
	AMOUNT("cpu-rt-period",      cpu_rt_period,     AMOUNT_U64,   cpu.realtime_period,     struct oci_u64),
	AMOUNT("cpu-rt-runtime",     cpu_rt_runtime,    AMOUNT_I64,   cpu.realtime_runtime,    struct oci_i64),
	AMOUNT("cpuset-cpus",        cpus,              AMOUNT_TEXT,  cpu.cpus,                const char *),
	AMOUNT("cpuset-mems",        mems,              AMOUNT_TEXT,  cpu.mems,                const char *),
	AMOUNT("cpu-idle",           idle,              AMOUNT_I64,   cpu.idle,                struct oci_i64),
	AMOUNT("kernel-memory",      kernel_memory,     AMOUNT_BYTES, memory.kernel,           struct oci_i64),
	AMOUNT("kernel-memory-tcp",  kernel_memory_tcp, AMOUNT_BYTES, memory.kernel_tcp,       struct oci_i64),
	AMOUNT("memory",             memory,            AMOUNT_BYTES, memory.limit,            struct oci_i64),
	AMOUNT("memory-reservation", reservation,       AMOUNT_BYTES, memory.reservation,      struct oci_i64),
	AMOUNT("memory-swap",        swap,              AMOUNT_BYTES, memory.swap,             struct oci_i64),
	AMOUNT("pids-limit",         pids,              AMOUNT_I64,   pids.limit,              struct oci_i64),
};
/* clang-format on */

static int read_unsigned(const struct amount *amount, const char *text, void *member)
{
	bool is_small = amount->kind == AMOUNT_U16;
	uint64_t value;

	if (number_u64(text, is_small ? UINT16_MAX : UINT64_MAX, &value))
		return -EINVAL;
	if (is_small)
		*(struct oci_u16 *)member = (struct oci_u16)OCI_SET((uint16_t)value);
	else
		*(struct oci_u64 *)member = (struct oci_u64)OCI_SET(value);
	return 0;
}

static int read_signed(const struct amount *amount, const char *text, void *member)
{
	int64_t value;

	if (amount->kind == AMOUNT_BYTES ? amount_bytes(text, &value)
					 : amount_signed(text, &value))
		return -EINVAL;
	*(struct oci_i64 *)member = (struct oci_i64)OCI_SET(value);
	return 0;
}

/* Said to be nothing is not said: so scripts can pass what they may not have. */
static int read_amount(const struct amount *amount, const struct update_options *options,
		       struct request *request)
{
	const char *text = *(const char *const *)((const char *)options + amount->option);
	void *member = (char *)request + amount->member;
	int r = 0;

	if (!text || !*text)
		return 0;
	switch (amount->kind) {
	case AMOUNT_TEXT:
		*(const char **)member = text;
		break;
	case AMOUNT_U16:
	case AMOUNT_U64:
		r = read_unsigned(amount, text, member);
		break;
	case AMOUNT_I64:
	case AMOUNT_BYTES:
		r = read_signed(amount, text, member);
		break;
	}
	return r < 0 ? err_refuse("invalid value for %s: \"%s\"", amount->name, text) : 0;
}

static int read_options(const struct update_options *options, struct request *request)
{
	for (size_t i = 0; i < ARRAY_SIZE(amounts); i++)
		if (read_amount(&amounts[i], options, request))
			return err_code();
	request->resources = (struct oci_resources){
		.memory = &request->memory,
		.cpu = &request->cpu,
		.pids = &request->pids,
		.block_io = &request->block_io,
	};
	return 0;
}

static int run(const struct call *call)
{
	const struct update_options *options = call->options;
	_cleanup_arena_ struct arena arena = { 0 };
	struct request request = { 0 };
	struct oci_intel_rdt rdt = {
		.l3_cache_schema = options->l3_cache,
		.mem_bw_schema = options->mem_bandwidth,
	};
	bool has_rdt = !options->resources && (options->l3_cache || options->mem_bandwidth);
	int code = options->resources
			   ? update_read(options->resources, &arena, &request.resources)
			   : read_options(options, &request);

	return code < 0 ? code
			: container_update(call->runtime, call->arguments[0],
					   &request.resources, has_rdt ? &rdt : NULL);
}

const struct command cmd_update = {
	.name = "update",
	.arguments = "<container-id>",
	.summary = "change the limits of a container",
	.description =
		"Changes what is named, and nothing else; if a part fails, nothing. It is\n"
		"remembered, and the next update goes by it.\n",
	.options = rows,
	.options_size = sizeof(struct update_options),
	.min_arguments = 1,
	.max_arguments = 1,
	.takes_container = true,
	.run = run,
};
