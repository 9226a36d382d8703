/* SPDX-License-Identifier: GPL-2.0-or-later */
/* statsjson - what a container has used, as `runc events` prints it. */
#include "container/statsjson.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"

#define NS_PER_US 1000

/* ---- members; a comma follows each, and the last one's is taken back at the brace ---- */

static void open_object(struct buf *out, const char *name)
{
	buf_printf(out, "\"%s\":{", name);
}

static void drop_comma(struct buf *out)
{
	if (out->size && out->text[out->size - 1] == ',')
		out->text[--out->size] = '\0';
}

static void close_with(struct buf *out, char bracket)
{
	drop_comma(out);
	buf_printf(out, "%c,", bracket);
}

static void add_number(struct buf *out, const char *name, uint64_t value)
{
	buf_printf(out, "\"%s\":%" PRIu64 ",", name, value);
}

/* Go's "omitempty". */
static void add_if_any(struct buf *out, const char *name, uint64_t value)
{
	if (value)
		add_number(out, name, value);
}

/* Hundredths, as Go prints a float: 0, 1.5, 12.34 */
static void add_hundredths(struct buf *out, const char *name, uint64_t value)
{
	unsigned rest = (unsigned)(value % 100);

	buf_printf(out, "\"%s\":%" PRIu64, name, value / 100);
	if (rest % 10)
		buf_printf(out, ".%02u", rest);
	else if (rest)
		buf_printf(out, ".%u", rest / 10);
	buf_add(out, ",", 1);
}

static void add_pressure_line(struct buf *out, const char *name,
			      const struct stats_pressure_line *line)
{
	open_object(out, name);
	add_hundredths(out, "avg10", line->average10);
	add_hundredths(out, "avg60", line->average60);
	add_hundredths(out, "avg300", line->average300);
	add_number(out, "total", line->total);
	close_with(out, '}');
}

static void add_pressure(struct buf *out, const struct stats_pressure *pressure)
{
	if (!pressure->is_set)
		return;
	open_object(out, "psi");
	add_pressure_line(out, "some", &pressure->some);
	add_pressure_line(out, "full", &pressure->full);
	close_with(out, '}');
}

/* ---- the parts ---- */

static void add_cpu(struct buf *out, const struct cgroup_stats *stats)
{
	open_object(out, "cpu");
	if (stats->cpu_usage || stats->cpu_user || stats->cpu_system) {
		open_object(out, "usage");
		add_if_any(out, "total", stats->cpu_usage * NS_PER_US);
		add_number(out, "kernel", stats->cpu_system * NS_PER_US);
		add_number(out, "user", stats->cpu_user * NS_PER_US);
		close_with(out, '}');
	}
	if (stats->cpu_periods || stats->cpu_throttled_periods || stats->cpu_throttled) {
		open_object(out, "throttling");
		add_if_any(out, "periods", stats->cpu_periods);
		add_if_any(out, "throttledPeriods", stats->cpu_throttled_periods);
		add_if_any(out, "throttledTime", stats->cpu_throttled * NS_PER_US);
		close_with(out, '}');
	}
	add_pressure(out, &stats->cpu_pressure);
	close_with(out, '}');
}

/* cgroup v1's, which are there with v2 as well. */
static void add_cpuset(struct buf *out)
{
	static const char *const names[] = {
		"cpu_exclusive",   "mem_hardwall",       "mem_exclusive",
		"memory_migrate",  "memory_spread_page", "memory_spread_slab",
		"memory_pressure", "sched_load_balance", "sched_relax_domain_level",
	};

	open_object(out, "cpuset");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add_number(out, names[i], 0);
	close_with(out, '}');
}

static void add_entry(struct buf *out, const char *name, uint64_t limit, uint64_t usage,
		      uint64_t peak)
{
	open_object(out, name);
	add_number(out, "limit", limit);
	add_if_any(out, "usage", usage);
	add_if_any(out, "max", peak);
	add_number(out, "failcnt", 0);
	close_with(out, '}');
}

static uint64_t add_limits(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? STATS_UNLIMITED : sum;
}

static void add_memory(struct buf *out, const struct cgroup_stats *stats)
{
	uint64_t cache = 0;

	for (size_t i = 0; i < stats->memory_pair_count; i++)
		if (strcmp(stats->memory_pairs[i].key, "file") == 0)
			cache = stats->memory_pairs[i].value;
	open_object(out, "memory");
	add_if_any(out, "cache", cache);
	if (stats->has_memory)
		add_entry(out, "usage", stats->memory_limit, stats->memory, stats->memory_peak);
	if (stats->has_swap) /* as config.json has it: memory and swap together */
		add_entry(out, "swap", add_limits(stats->swap_limit, stats->memory_limit),
			  stats->swap + stats->memory, 0);
	if (stats->memory_pair_count) {
		open_object(out, "raw");
		for (size_t i = 0; i < stats->memory_pair_count; i++)
			add_number(out, stats->memory_pairs[i].key,
				   stats->memory_pairs[i].value);
		close_with(out, '}');
	}
	add_pressure(out, &stats->memory_pressure);
	close_with(out, '}');
}

static void add_pids(struct buf *out, const struct cgroup_stats *stats)
{
	open_object(out, "pids");
	add_if_any(out, "current", stats->pids);
	add_if_any(out, "limit", stats->pids_limit);
	close_with(out, '}');
}

static void add_io_row(struct buf *out, const struct stats_io *io, const char *operation,
		       uint64_t value)
{
	buf_printf(out, "{");
	add_if_any(out, "major", io->major);
	add_if_any(out, "minor", io->minor);
	buf_printf(out, "\"op\":\"%s\",", operation);
	add_if_any(out, "value", value);
	close_with(out, '}');
}

static void add_io(struct buf *out, const struct cgroup_stats *stats)
{
	open_object(out, "blkio");
	if (stats->io_count) {
		buf_printf(out, "\"ioServiceBytesRecursive\":[");
		for (size_t i = 0; i < stats->io_count; i++) {
			add_io_row(out, &stats->io[i], "Read", stats->io[i].read_bytes);
			add_io_row(out, &stats->io[i], "Write", stats->io[i].write_bytes);
		}
		close_with(out, ']');
		buf_printf(out, "\"ioServicedRecursive\":[");
		for (size_t i = 0; i < stats->io_count; i++) {
			add_io_row(out, &stats->io[i], "Read", stats->io[i].reads);
			add_io_row(out, &stats->io[i], "Write", stats->io[i].writes);
		}
		close_with(out, ']');
	}
	add_pressure(out, &stats->io_pressure);
	close_with(out, '}');
}

static void add_hugetlb(struct buf *out, const struct cgroup_stats *stats)
{
	open_object(out, "hugetlb");
	for (size_t i = 0; i < stats->hugetlb_count; i++) {
		open_object(out, stats->hugetlb[i].size);
		add_if_any(out, "usage", stats->hugetlb[i].usage);
		add_number(out, "failcnt", stats->hugetlb[i].failures);
		close_with(out, '}');
	}
	close_with(out, '}');
}

void stats_print(const char *id, const struct cgroup_stats *stats, struct buf *out)
{
	buf_printf(out, "{\"type\":\"stats\",\"id\":\"%s\",\"data\":{", id);
	add_cpu(out, stats);
	add_cpuset(out);
	add_memory(out, stats);
	add_pids(out, stats);
	add_io(out, stats);
	add_hugetlb(out, stats);
	buf_printf(out, "\"intel_rdt\":{},\"network_interfaces\":null}}\n");
}

void stats_print_event(const char *type, const char *id, struct buf *out)
{
	buf_printf(out, "{\"type\":\"%s\",\"id\":\"%s\"}\n", type, id);
}
