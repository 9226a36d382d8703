/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devicetable - what device rules say about each device. */
#include "cgroup/devicetable.h"

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "cgroup/devices.h"

#define ALL_ACCESS (DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD)

/* A number that no rule names. */
#define OTHER (-2)

/* Minors that are named without a major count for each major: that can become too much. */
#define CELLS_MAX 65536

struct numbers {
	uint32_t *items;
	size_t count;
};

static int check(const struct device_rule *rule, size_t index)
{
	if (rule->type != 'a' && rule->type != 'b' && rule->type != 'c')
		return err_refuse("device rule %zu: unknown type", index);
	if (rule->access == 0 || (rule->access & ~ALL_ACCESS))
		return err_refuse("device rule %zu: no access is named", index);
	if (rule->major < -1 || rule->major > UINT32_MAX || rule->minor < -1 ||
	    rule->minor > UINT32_MAX)
		return err_refuse("device rule %zu: no such device number", index);
	return 0;
}

static bool matches_everything(const struct device_rule *rule)
{
	return rule->type == 'a' && rule->major < 0 && rule->minor < 0 &&
	       rule->access == ALL_ACCESS;
}

int devicetable_check(const struct device_rule *rules, size_t count,
		      struct device_rules *ret_rules)
{
	size_t first = 0;
	bool has_types = false;

	if (count > DEVICE_RULES_MAX)
		return err_refuse("%zu device rules are too many", count);
	for (size_t i = 0; i < count; i++) {
		if (check(&rules[i], i))
			return err_code();
		if (matches_everything(&rules[i]))
			first = i;
	}
	for (size_t i = first; i < count; i++)
		has_types = has_types || rules[i].type != 'a';
	*ret_rules = (struct device_rules){ rules + first, count - first, has_types };
	return 0;
}

/* The last rule that names a right decides about it. */
static unsigned rights_to(const struct device_rules *rules, char type, int64_t major,
			  int64_t minor)
{
	unsigned undecided = ALL_ACCESS;
	unsigned rights = 0;

	for (size_t i = rules->count; i > 0 && undecided; i--) {
		const struct device_rule *rule = &rules->items[i - 1];

		if ((rule->type != 'a' && rule->type != type) ||
		    (rule->major >= 0 && rule->major != major) ||
		    (rule->minor >= 0 && rule->minor != minor))
			continue;
		if (rule->is_allowed)
			rights |= rule->access & undecided;
		undecided &= ~rule->access;
	}
	return rights;
}

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a;
	uint32_t right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static void sort_once(struct numbers *numbers)
{
	size_t kept = 0;

	if (numbers->count)
		qsort(numbers->items, numbers->count, sizeof(*numbers->items), compare);
	for (size_t i = 0; i < numbers->count; i++)
		if (kept == 0 || numbers->items[kept - 1] != numbers->items[i])
			numbers->items[kept++] = numbers->items[i];
	numbers->count = kept;
}

static struct numbers list_majors(const struct device_rules *rules, char type)
{
	struct numbers list = { .items = xcalloc(rules->count + 1, sizeof(*list.items)) };

	for (size_t i = 0; i < rules->count; i++) {
		const struct device_rule *rule = &rules->items[i];

		if (rule->major >= 0 && (rule->type == 'a' || rule->type == type))
			list.items[list.count++] = (uint32_t)rule->major;
	}
	sort_once(&list);
	return list;
}

/* The minors that are named together with MAJOR, or without any. */
static struct numbers list_minors(const struct device_rules *rules, char type, int64_t major)
{
	struct numbers list = { .items = xcalloc(rules->count + 1, sizeof(*list.items)) };

	for (size_t i = 0; i < rules->count; i++) {
		const struct device_rule *rule = &rules->items[i];

		if (rule->minor >= 0 && (rule->major < 0 || rule->major == major) &&
		    (rule->type == 'a' || rule->type == type))
			list.items[list.count++] = (uint32_t)rule->minor;
	}
	sort_once(&list);
	return list;
}

/* Returns how many devices it looked at. */
static size_t fill_column(const struct device_rules *rules, char type, int64_t major,
			  struct device_column *column)
{
	struct numbers minors = list_minors(rules, type, major);

	column->major = (uint32_t)major;
	column->others = rights_to(rules, type, major, OTHER);
	column->cells = xcalloc(minors.count + 1, sizeof(*column->cells));
	for (size_t i = 0; i < minors.count; i++) {
		unsigned rights = rights_to(rules, type, major, minors.items[i]);

		if (rights != column->others)
			column->cells[column->count++] =
				(struct device_cell){ minors.items[i], rights };
	}
	free(minors.items);
	return minors.count + 1;
}

static bool is_same(const struct device_column *a, const struct device_column *b)
{
	return a->others == b->others && a->count == b->count &&
	       memcmp(a->cells, b->cells, a->count * sizeof(*a->cells)) == 0;
}

static unsigned type_number(char type)
{
	if (type == 'b')
		return BPF_DEVCG_DEV_BLOCK;
	return type == 'c' ? BPF_DEVCG_DEV_CHAR : 0;
}

int devicetable_make(const struct device_rules *rules, char type,
		     struct device_table *ret_table)
{
	struct numbers majors = list_majors(rules, type);
	size_t cells = 0;

	*ret_table = (struct device_table){ .type = type_number(type) };
	ret_table->columns = xcalloc(majors.count + 1, sizeof(*ret_table->columns));
	ret_table->jumps = xcalloc(majors.count + 1, sizeof(*ret_table->jumps));
	fill_column(rules, type, OTHER, &ret_table->others);
	for (size_t i = 0; i < majors.count && cells <= CELLS_MAX; i++) {
		struct device_column *column = &ret_table->columns[ret_table->count];

		cells += fill_column(rules, type, majors.items[i], column);
		if (!is_same(column, &ret_table->others)) {
			ret_table->count++;
			continue;
		}
		free(column->cells);
		*column = (struct device_column){ 0 };
	}
	free(majors.items);
	if (cells > CELLS_MAX)
		return err_refuse("%zu device rules name too many minors for any major",
				  rules->count);
	return 0;
}

void devicetable_release(struct device_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->columns[i].cells);
	free(table->others.cells);
	free(table->columns);
	free(table->jumps);
	*table = (struct device_table){ 0 };
}
