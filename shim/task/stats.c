/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats - what a container uses: io.containerd.cgroups.v2.Metrics. */
#include "shim/task/stats.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/task/keyed.h"

#define TEXT_MAX 16384
#define ENTRIES_MAX 256 /* devices, huge page sizes, cgroups */
#define DEPTH_MAX 8     /* of cgroups in a container's */

/* clang-format off */
#define CPU(name) { #name, offsetof(Api__CPUStat, name) }
static const struct keyed_row cpu_rows[] = {
	CPU(usage_usec), CPU(user_usec), CPU(system_usec), CPU(nr_periods), CPU(nr_throttled),
	CPU(throttled_usec), CPU(nr_bursts), CPU(burst_usec),
	{ 0 },
};

#define MEMORY(name) { #name, offsetof(Api__MemoryStat, name) }
static const struct keyed_row memory_rows[] = {
	MEMORY(anon), MEMORY(file), MEMORY(kernel_stack), MEMORY(slab), MEMORY(sock),
	MEMORY(shmem), MEMORY(file_mapped), MEMORY(file_dirty), MEMORY(file_writeback),
	MEMORY(anon_thp), MEMORY(inactive_anon), MEMORY(active_anon), MEMORY(inactive_file),
	MEMORY(active_file), MEMORY(unevictable), MEMORY(slab_reclaimable),
	MEMORY(slab_unreclaimable), MEMORY(pgfault), MEMORY(pgmajfault),
	MEMORY(workingset_refault), MEMORY(workingset_activate),
	MEMORY(workingset_nodereclaim), MEMORY(pgrefill), MEMORY(pgscan), MEMORY(pgsteal),
	MEMORY(pgactivate), MEMORY(pgdeactivate), MEMORY(pglazyfree), MEMORY(pglazyfreed),
	MEMORY(thp_fault_alloc), MEMORY(thp_collapse_alloc),
	{ 0 },
};

/* Files of one number, members of MemoryStat. */
static const struct keyed_row memory_files[] = {
	{ "memory.current",      offsetof(Api__MemoryStat, usage) },
	{ "memory.max",          offsetof(Api__MemoryStat, usage_limit) },
	{ "memory.swap.current", offsetof(Api__MemoryStat, swap_usage) },
	{ "memory.swap.max",     offsetof(Api__MemoryStat, swap_limit) },
	{ "memory.peak",         offsetof(Api__MemoryStat, max_usage) },
	{ "memory.swap.peak",    offsetof(Api__MemoryStat, swap_max_usage) },
	{ 0 },
};

static const struct keyed_row pids_files[] = {
	{ "pids.current", offsetof(Api__PidsStat, current) },
	{ "pids.max",     offsetof(Api__PidsStat, limit) },
	{ 0 },
};

static const struct keyed_row event_rows[] = {
	{ "low",            offsetof(Api__MemoryEvents, low) },
	{ "high",           offsetof(Api__MemoryEvents, high) },
	{ "max",            offsetof(Api__MemoryEvents, max) },
	{ "oom",            offsetof(Api__MemoryEvents, oom) },
	{ "oom_kill",       offsetof(Api__MemoryEvents, oom_kill) },
	{ "oom_group_kill", offsetof(Api__MemoryEvents, oom_group_kill) },
	{ 0 },
};

/* KEY=NUMBER words of io.stat. */
static const struct keyed_row io_rows[] = {
	{ "rbytes", offsetof(Api__IOEntry, rbytes) },
	{ "wbytes", offsetof(Api__IOEntry, wbytes) },
	{ "rios",   offsetof(Api__IOEntry, rios) },
	{ "wios",   offsetof(Api__IOEntry, wios) },
	{ 0 },
};
/* clang-format on */

/* A new message that the whole is to own: protobuf-c frees it with free(). */
static void *message_new(const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *message = xcalloc(1, descriptor->sizeof_message);

	protobuf_c_message_init(descriptor, message);
	return message;
}

/* A cgroup, and what its file that was read last says: one room for all of them. */
struct source {
	int cgroup;
	char text[TEXT_MAX];
};

static bool read_text(struct source *source, const char *name)
{
	if (fd_read_file(source->cgroup, name, source->text, sizeof(source->text)) >= 0)
		return true;
	err_clear();
	return false;
}

/* ---- pressure ---- */

/* "12.34": the kernel writes two digits behind the point. */
static double parse_average(const char *line, const char *key)
{
	const char *at = strstr(line, key);
	char *rest;
	double whole;

	if (!at)
		return 0;
	whole = (double)strtoul(at + strlen(key), &rest, 10);
	return *rest == '.' ? whole + (double)strtoul(rest + 1, NULL, 10) / 100 : whole;
}

static Api__PSIData *parse_pressure_line(const char *line)
{
	Api__PSIData *data = message_new(&api__psidata__descriptor);
	const char *total = strstr(line, "total=");

	data->avg10 = parse_average(line, "avg10=");
	data->avg60 = parse_average(line, "avg60=");
	data->avg300 = parse_average(line, "avg300=");
	data->total = total ? strtoull(total + strlen("total="), NULL, 10) : 0;
	return data;
}

static Api__PSIStats *read_pressure(struct source *source, const char *name)
{
	const char *some, *full;
	Api__PSIStats *stats;

	if (!read_text(source, name))
		return NULL;
	some = strstr(source->text, "some ");
	full = strstr(source->text, "full ");
	stats = message_new(&api__psistats__descriptor);
	if (some)
		stats->some = parse_pressure_line(some);
	if (full)
		stats->full = parse_pressure_line(full);
	return stats;
}

/* ---- one controller each ---- */

/* Files of ROWS that are there, into OUT. False when none is. */
static bool read_files(struct source *source, const struct keyed_row *rows, void *out)
{
	bool is_any = false;

	for (; rows->key; rows++)
		if (read_text(source, rows->key)) {
			*(uint64_t *)(void *)((char *)out + rows->offset) =
				keyed_number(source->text);
			is_any = true;
		}
	return is_any;
}

/* The same for one file of many keys. */
static bool read_keys(struct source *source, const char *name, const struct keyed_row *rows,
		      void *out)
{
	if (!read_text(source, name))
		return false;
	keyed_parse(source->text, rows, out);
	return true;
}

static uint64_t count_lines(int folder, const char *name)
{
	_cleanup_close_ int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	uint64_t lines = 0;
	char bytes[4096];
	ssize_t n;

	while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0)
		for (const char *at = bytes; at < bytes + n; at++)
			lines += *at == '\n';
	return lines;
}

/* Of a cgroup and of DEPTH levels below it, of which *LEFT folders are looked at. */
static uint64_t count_threads(int parent, const char *name, int depth, unsigned *left)
{
	_cleanup_close_ int folder =
		openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *entries = folder < 0 ? NULL : fdopendir(folder);
	uint64_t count;

	if (!entries)
		return 0;
	count = count_lines(folder, "cgroup.threads");
	for (const struct dirent *entry; depth > 0 && *left > 0 && (entry = readdir(entries));)
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
			(*left)--;
			count += count_threads(folder, entry->d_name, depth - 1, left);
		}
	fd_take(&folder); /* it is the stream's */
	closedir(entries);
	return count;
}

/* Where there is no controller that counts them, we do. */
static void read_pids(struct source *source, Api__Metrics *metrics)
{
	unsigned left = ENTRIES_MAX;

	metrics->pids = message_new(&api__pids_stat__descriptor);
	if (!read_files(source, pids_files, metrics->pids))
		metrics->pids->current = count_threads(source->cgroup, ".", DEPTH_MAX, &left);
}

static void read_cpu(struct source *source, Api__Metrics *metrics)
{
	Api__CPUStat *cpu = message_new(&api__cpustat__descriptor);

	if (read_keys(source, "cpu.stat", cpu_rows, cpu)) {
		cpu->psi = read_pressure(source, "cpu.pressure");
		metrics->cpu = cpu;
	} else {
		free(cpu);
	}
}

static void read_memory(struct source *source, Api__Metrics *metrics)
{
	Api__MemoryStat *memory = message_new(&api__memory_stat__descriptor);

	if (read_keys(source, "memory.stat", memory_rows, memory)) {
		read_files(source, memory_files, memory);
		memory->psi = read_pressure(source, "memory.pressure");
		metrics->memory = memory;
	} else {
		free(memory);
	}
}

static void read_events(struct source *source, const struct oom_counts *counts,
			Api__Metrics *metrics)
{
	Api__MemoryEvents *events = message_new(&api__memory_events__descriptor);
	bool is_any =
		counts->low || counts->high || counts->max || counts->oom || counts->oom_kill;

	events->low = counts->low;
	events->high = counts->high;
	events->max = counts->max;
	events->oom = counts->oom;
	events->oom_kill = counts->oom_kill;
	events->oom_group_kill = counts->oom_group_kill;
	if ((source->cgroup >= 0 && read_keys(source, "memory.events", event_rows, events)) ||
	    is_any)
		metrics->memory_events = events;
	else
		free(events);
}

/* ---- devices ---- */

/* Room for one more in a repeated member. */
static void *entry_new(void *list, size_t *count, const ProtobufCMessageDescriptor *descriptor)
{
	void ***items = list;

	if (*count >= ENTRIES_MAX)
		return NULL;
	*items = xreallocarray(*items, *count + 1, sizeof(void *));
	(*items)[*count] = message_new(descriptor);
	return (*items)[(*count)++];
}

/* "8:0 rbytes=1 wbytes=2 ..." */
static void parse_io_line(char *line, Api__IOStat *io)
{
	Api__IOEntry *entry = entry_new(&io->usage, &io->n_usage, &api__ioentry__descriptor);
	char *rest = NULL;

	if (!entry)
		return;
	entry->major = strtoull(line, &rest, 10);
	if (*rest == ':')
		entry->minor = strtoull(rest + 1, &rest, 10);
	for (char *at = rest; *at; at++)
		if (*at == '=' || *at == ' ')
			*at = *at == '=' ? ' ' : '\n';
	keyed_parse(rest, io_rows, entry);
}

static void read_io(struct source *source, Api__Metrics *metrics)
{
	char *rest = NULL;

	if (!read_text(source, "io.stat"))
		return;
	metrics->io = message_new(&api__iostat__descriptor);
	for (char *line = strtok_r(source->text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		parse_io_line(line, metrics->io);
	metrics->io->psi = read_pressure(source, "io.pressure");
}

static uint32_t rdma_number(const char *line, const char *key)
{
	const char *at = strstr(line, key);
	uint64_t number = at ? keyed_number(at + strlen(key)) : 0;

	return number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

/* "mlx4_0 hca_handle=2 hca_object=max" */
static void read_rdma_file(struct source *source, const char *name, void *list, size_t *count)
{
	char *rest = NULL;

	if (!read_text(source, name))
		return;
	for (char *line = strtok_r(source->text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		Api__RdmaEntry *entry = entry_new(list, count, &api__rdma_entry__descriptor);

		if (!entry)
			return;
		entry->device = xstrndup(line, strcspn(line, " "));
		entry->hca_handles = rdma_number(line, "hca_handle=");
		entry->hca_objects = rdma_number(line, "hca_object=");
	}
}

static void read_rdma(struct source *source, Api__Metrics *metrics)
{
	Api__RdmaStat *rdma = message_new(&api__rdma_stat__descriptor);

	read_rdma_file(source, "rdma.current", &rdma->current, &rdma->n_current);
	read_rdma_file(source, "rdma.max", &rdma->limit, &rdma->n_limit);
	if (rdma->n_current || rdma->n_limit)
		metrics->rdma = rdma;
	else
		free(rdma);
}

/* ---- huge pages ---- */

/* NAME is "hugetlb.2MB.current". */
static void read_hugetlb_size(struct source *source, const char *name, Api__Metrics *metrics)
{
	const char *size = name + strlen("hugetlb.");
	int length = (int)strcspn(size, ".");
	static const struct keyed_row event[] = { { "max", 0 }, { 0 } };
	uint64_t failures = 0;
	_cleanup_free_ char *max = xprintf("hugetlb.%.*s.max", length, size);
	_cleanup_free_ char *failed = xprintf("hugetlb.%.*s.events", length, size);
	Api__HugeTlbStat *entry = entry_new(&metrics->hugetlb, &metrics->n_hugetlb,
					    &api__huge_tlb_stat__descriptor);
	const struct keyed_row files[] = {
		{ name, offsetof(Api__HugeTlbStat, current) },
		{ max, offsetof(Api__HugeTlbStat, max) },
		{ 0 },
	};

	if (!entry)
		return;
	read_files(source, files, entry);
	read_keys(source, failed, event, &failures);
	entry->failcnt = failures;
	entry->pagesize = xstrndup(size, (size_t)length);
}

static void read_hugetlb(const char *path, struct source *source, Api__Metrics *metrics)
{
	DIR *folder = opendir(path);

	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		const char *name = entry->d_name, *dot = strrchr(name, '.');

		if (strncmp(name, "hugetlb.", 8) == 0 && strcmp(dot, ".current") == 0 &&
		    !strstr(name, ".rsvd."))
			read_hugetlb_size(source, name, metrics);
	}
	if (folder)
		closedir(folder);
}

Api__Metrics *stats_read(const char *path, const struct oom_counts *counts)
{
	_cleanup_close_ int cgroup =
		path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : NO_FD;
	_cleanup_free_ struct source *source = xcalloc(1, sizeof(*source));
	Api__Metrics *metrics = message_new(&api__metrics__descriptor);

	source->cgroup = cgroup;
	read_events(source, counts, metrics);
	if (cgroup < 0 && !metrics->memory_events) {
		stats_free(metrics);
		return NULL;
	}
	if (cgroup < 0)
		return metrics;
	read_pids(source, metrics);
	read_cpu(source, metrics);
	read_memory(source, metrics);
	read_io(source, metrics);
	read_rdma(source, metrics);
	read_hugetlb(path, source, metrics);
	return metrics;
}

void stats_free(Api__Metrics *metrics)
{
	api__metrics__free_unpacked(metrics, NULL);
}
