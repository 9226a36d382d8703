/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats - what a cgroup has used, out of its files. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cgroup/cgroup.h"

#define STATS_UNLIMITED UINT64_MAX

/* "avg10=1.50 ..." of a *.pressure file; averages in hundredths of a percent. */
struct stats_pressure_line {
	uint64_t average10, average60, average300;
	uint64_t total; /* microseconds */
};

struct stats_pressure {
	bool is_set; /* the kernel keeps count */
	struct stats_pressure_line some, full;
};

/* One "key value" of a file. */
struct stats_pair {
	char *key;
	uint64_t value;
};

struct stats_io {
	uint64_t major, minor;
	uint64_t read_bytes, write_bytes, reads, writes;
};

struct stats_hugetlb {
	char *size; /* "2MB" */
	uint64_t usage, failures;
};

/* Times are in microseconds, amounts of memory in bytes; what cannot be told is 0. */
struct cgroup_stats {
	uint64_t cpu_usage, cpu_user, cpu_system;
	uint64_t cpu_periods, cpu_throttled_periods, cpu_throttled;
	struct stats_pressure cpu_pressure, memory_pressure, io_pressure;

	bool has_memory, has_swap;
	uint64_t memory, memory_limit, memory_peak;
	uint64_t swap, swap_limit;       /* without memory */
	struct stats_pair *memory_pairs; /* memory.stat */
	size_t memory_pair_count;

	uint64_t pids, pids_limit; /* 0: no limit */

	struct stats_io *io;
	size_t io_count;
	struct stats_hugetlb *hugetlb;
	size_t hugetlb_count;
};

/* Read what is there; controllers that are not are no failure.  The caller releases. */
int cgroup_stats_read(const struct cgroup *cgroup, struct cgroup_stats *ret_stats);
void cgroup_stats_release(struct cgroup_stats *stats);

/* ---- the parsers, for tests, too; TEXT is what the file holds ---- */

/* "12" or "max"; anything else is 0. */
uint64_t stats_parse_number(const char *text);

/* The value of the line "KEY value", or 0. */
uint64_t stats_parse_key(const char *text, const char *key);

void stats_parse_pressure(const char *text, struct stats_pressure *ret_pressure);

/* Lists are the caller's to free, keys too. */
void stats_parse_pairs(const char *text, struct stats_pair **ret_pairs, size_t *ret_count);
void stats_parse_io(const char *text, struct stats_io **ret_io, size_t *ret_count);
