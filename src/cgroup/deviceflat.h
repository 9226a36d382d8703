/* SPDX-License-Identifier: GPL-2.0-or-later */
/* deviceflat - a device filter with few branches; for devices.c only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cgroup/devices.h"
#include "cgroup/devicetable.h"

/*
 * Write the whole filter for what TABLES, one for each type in the order of their
 * numbers, say.  Returns false, and has written nothing, when that would be too
 * long, or when minors are named without a major.
 */
bool deviceflat_write(struct device_program *program, const struct device_table *tables,
		      size_t count);
