/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unitproperties - what systemd calls the limits that are written to cgroup files. */
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "cgroup/unit.h"

#define INFINITE UINT64_MAX
#define QUOTA_STEP 10000 /* systemd keeps microseconds per second in steps of 10 ms */
#define SECOND 1000000u  /* microseconds */

/* One that is there already is said anew. */
static struct unit_property *set(struct unit_properties *list, const char *name,
				 const struct cgroup_write *write)
{
	struct unit_property *property = list->items;

	while (property < list->items + list->count && strcmp(property->name, name) != 0)
		property++;
	if (property == list->items + list->count)
		list->count++;
	*property = (struct unit_property){ .name = name, .origin = write->origin };
	return property;
}

static void set_natural(struct unit_properties *list, const char *name,
			const struct cgroup_write *write, uint64_t value)
{
	struct unit_property *property = set(list, name, write);

	property->type = UNIT_UINT64;
	property->natural = value;
}

/* "max" or a number, as nearly all files have it. */
static void convert_limit(struct unit_properties *list, const char *name,
			  const struct cgroup_write *write)
{
	uint64_t value = INFINITE;

	if (strcmp(write->value, "max") != 0 && number_u64(write->value, INFINITE, &value))
		return; /* the kernel says what is wrong with it */
	set_natural(list, name, write, value);
}

/* A weight of 0 stands for "idle". */
static void convert_idle(struct unit_properties *list, const char *name,
			 const struct cgroup_write *write)
{
	if (strcmp(write->value, "1") == 0)
		set_natural(list, name, write, 0);
}

/* "QUOTA PERIOD": QUOTA of each PERIOD becomes so much of each second. */
static void convert_bandwidth(struct unit_properties *list, const char *name,
			      const struct cgroup_write *write)
{
	const char *space = strchr(write->value, ' ');
	uint64_t quota = INFINITE, period = 0;
	char *end;

	if (!space || number_u64(space + 1, SECOND, &period) || period == 0)
		return;
	if (strncmp(write->value, "max", 3) != 0) {
		uint64_t per_second;

		quota = strtoull(write->value, &end, 10);
		if (end != space || __builtin_mul_overflow(quota, SECOND, &per_second))
			return;
		per_second /= period;
		quota = (per_second + QUOTA_STEP - 1) / QUOTA_STEP * QUOTA_STEP;
	}
	set_natural(list, name, write, quota);
	set_natural(list, "CPUQuotaPeriodUSec", write, period);
}

/* "0-3,8" as bits, the lowest first.  Returns the bytes used, 0 when that is no list. */
static size_t read_list(const char *text, uint8_t *bits, size_t size)
{
	size_t used = 0;

	memset(bits, 0, size);
	while (*text) {
		char *end;
		unsigned long first = strtoul(text, &end, 10), last = first;

		if (end == text)
			return 0;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (last < first || last >= size * 8)
			return 0;
		for (unsigned long i = first; i <= last; i++)
			bits[i / 8] |= (uint8_t)(1u << i % 8);
		used = last / 8 + 1 > used ? last / 8 + 1 : used;
		if (*end && *end != ',')
			return 0;
		text = end + (*end == ',');
	}
	return used;
}

static void convert_list(struct unit_properties *list, const char *name,
			 const struct cgroup_write *write)
{
	uint8_t *bits = strcmp(name, "AllowedCPUs") == 0 ? list->cpus : list->mems;
	size_t used = read_list(write->value, bits, sizeof(list->cpus));
	struct unit_property *property;

	if (used == 0)
		return;
	property = set(list, name, write);
	property->type = UNIT_BYTES;
	property->bytes.items = bits;
	property->bytes.count = used;
}

/* clang-format off */
static const struct {
	const char *file;
	const char *name;
	void (*convert)(struct unit_properties *, const char *, const struct cgroup_write *);
} table[] = {
	{ "memory.max",      "MemoryMax",           convert_limit },
	{ "memory.low",      "MemoryLow",           convert_limit },
	{ "memory.min",      "MemoryMin",           convert_limit },
	{ "memory.high",     "MemoryHigh",          convert_limit },
	{ "memory.swap.max", "MemorySwapMax",       convert_limit },
	{ "cpu.weight",      "CPUWeight",           convert_limit },
	{ "cpu.idle",        "CPUWeight",           convert_idle },
	{ "cpu.max",         "CPUQuotaPerSecUSec",  convert_bandwidth },
	{ "cpuset.cpus",     "AllowedCPUs",         convert_list },
	{ "cpuset.mems",     "AllowedMemoryNodes",  convert_list },
	{ "pids.max",        "TasksMax",            convert_limit },
};
/* clang-format on */

void unit_properties(const struct cgroup_write *writes, size_t count,
		     struct unit_properties *ret_properties)
{
	ret_properties->count = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sizeof(table) / sizeof(table[0]); k++)
			if (strcmp(writes[i].file, table[k].file) == 0)
				table[k].convert(ret_properties, table[k].name, &writes[i]);
}
