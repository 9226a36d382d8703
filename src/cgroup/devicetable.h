/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devicetable - what device rules say about each device; for devices.c and deviceflat.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cgroup/cgroup.h"

/* Rules that make sense, without those that others hide. */
struct device_rules {
	const struct device_rule *items;
	size_t count;
	bool has_types; /* block and character devices are not the same to them */
};

struct device_cell {
	uint32_t minor;
	unsigned rights; /* DEVICE_* */
};

/* The devices of one major. */
struct device_column {
	uint32_t major;
	unsigned others; /* rights to those minors that have no cell */
	struct device_cell *cells;
	size_t count;
};

/* The devices of one type. */
struct device_table {
	unsigned type;                 /* BPF_DEVCG_DEV_*; 0: any */
	struct device_column others;   /* for all majors that have no column */
	struct device_column *columns; /* ordered by major; none is as `others` */
	size_t count;
	size_t *jumps; /* room for count + 1 */
	size_t jump_count;
};

/* Refuses what cannot be a device, and too many rules. */
int devicetable_check(const struct device_rule *rules, size_t count,
		      struct device_rules *ret_rules);

/*
 * Work out what RULES say about devices of TYPE ('b', 'c'; 'a' where that is the
 * same).  The caller releases the table, also after a failure.
 */
int devicetable_make(const struct device_rules *rules, char type,
		     struct device_table *ret_table);
void devicetable_release(struct device_table *table);
