/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats - what a cgroup has used, out of its files. */
#include "cgroup/stats.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "cgroup/cgroupfs.h"

/* io.stat has a line for each device, memory.stat one for each of some sixty counters. */
#define TEXT_MAX (64u << 10)

struct reader {
	int dir;
	char *text; /* TEXT_MAX bytes */
};

/* What FILE holds; "" when it is not there or the kernel does not count (EOPNOTSUPP). */
static const char *text_of(const struct reader *reader, const char *file)
{
	if (cgroupfs_try_read(reader->dir, file, reader->text, TEXT_MAX) < 0)
		reader->text[0] = '\0';
	return reader->text;
}

static uint64_t number_of(const struct reader *reader, const char *file)
{
	return stats_parse_number(text_of(reader, file));
}

static void read_cpu(const struct reader *reader, struct cgroup_stats *stats)
{
	const char *text = text_of(reader, "cpu.stat");

	stats->cpu_usage = stats_parse_key(text, "usage_usec");
	stats->cpu_user = stats_parse_key(text, "user_usec");
	stats->cpu_system = stats_parse_key(text, "system_usec");
	stats->cpu_periods = stats_parse_key(text, "nr_periods");
	stats->cpu_throttled_periods = stats_parse_key(text, "nr_throttled");
	stats->cpu_throttled = stats_parse_key(text, "throttled_usec");
	stats_parse_pressure(text_of(reader, "cpu.pressure"), &stats->cpu_pressure);
}

static void read_memory(const struct reader *reader, struct cgroup_stats *stats)
{
	stats_parse_pressure(text_of(reader, "memory.pressure"), &stats->memory_pressure);
	if (!*text_of(reader, "memory.current"))
		return;
	stats->has_memory = true;
	stats->memory = stats_parse_number(reader->text);
	stats->memory_limit = number_of(reader, "memory.max");
	stats->memory_peak = number_of(reader, "memory.peak");
	stats_parse_pairs(text_of(reader, "memory.stat"), &stats->memory_pairs,
			  &stats->memory_pair_count);
	if (!*text_of(reader, "memory.swap.current"))
		return;
	stats->has_swap = true;
	stats->swap = stats_parse_number(reader->text);
	stats->swap_limit = number_of(reader, "memory.swap.max");
}

static void read_rest(const struct reader *reader, struct cgroup_stats *stats)
{
	uint64_t limit = number_of(reader, "pids.max");

	stats->pids_limit = limit == STATS_UNLIMITED ? 0 : limit;
	stats->pids = number_of(reader, "pids.current");
	stats_parse_pressure(text_of(reader, "io.pressure"), &stats->io_pressure);
	stats_parse_io(text_of(reader, "io.stat"), &stats->io, &stats->io_count);
}

/* The 2MB of "hugetlb.2MB.current"; reservations, "hugetlb.2MB.rsvd.current", are not counted. */
static size_t page_size_length(const char *file)
{
	static const char prefix[] = "hugetlb.";
	const char *size = file + sizeof(prefix) - 1;
	size_t length;

	if (strncmp(file, prefix, sizeof(prefix) - 1) != 0)
		return 0;
	length = strcspn(size, ".");
	return strcmp(size + length, ".current") == 0 ? length : 0;
}

static void add_hugetlb(const struct reader *reader, const char *file, size_t length,
			struct cgroup_stats *stats)
{
	_cleanup_free_ char *size = xstrndup(file + strlen("hugetlb."), length);
	_cleanup_free_ char *events = xprintf("hugetlb.%s.events", size);
	uint64_t usage = number_of(reader, file);

	stats->hugetlb = xreallocarray(stats->hugetlb, stats->hugetlb_count + 1,
				       sizeof(*stats->hugetlb));
	stats->hugetlb[stats->hugetlb_count++] = (struct stats_hugetlb){
		.size = xstrdup(size),
		.usage = usage,
		.failures = stats_parse_key(text_of(reader, events), "max"),
	};
}

static int read_hugetlb(const struct reader *reader, struct cgroup_stats *stats)
{
	int copy = fd_open(reader->dir, ".", O_RDONLY | O_DIRECTORY, 0);
	struct dirent *entry;
	DIR *stream;

	if (copy < 0)
		return copy;
	stream = fdopendir(copy);
	if (!stream) {
		fd_close(copy);
		return err_sys(errno, "list a cgroup");
	}
	while ((entry = readdir(stream))) {
		size_t length = page_size_length(entry->d_name);

		if (length)
			add_hugetlb(reader, entry->d_name, length, stats);
	}
	closedir(stream);
	return 0;
}

int cgroup_stats_read(const struct cgroup *cgroup, struct cgroup_stats *ret_stats)
{
	_cleanup_free_ char *text = xcalloc(1, TEXT_MAX);
	struct reader reader = { .dir = cgroup->fd, .text = text };

	*ret_stats = (struct cgroup_stats){ 0 };
	read_cpu(&reader, ret_stats);
	read_memory(&reader, ret_stats);
	read_rest(&reader, ret_stats);
	return read_hugetlb(&reader, ret_stats);
}

void cgroup_stats_release(struct cgroup_stats *stats)
{
	for (size_t i = 0; i < stats->memory_pair_count; i++)
		free(stats->memory_pairs[i].key);
	for (size_t i = 0; i < stats->hugetlb_count; i++)
		free(stats->hugetlb[i].size);
	free(stats->memory_pairs);
	free(stats->io);
	free(stats->hugetlb);
	*stats = (struct cgroup_stats){ 0 };
}
