/* SPDX-License-Identifier: GPL-2.0-or-later */
/* apply - write one limit; for cgroup/ only. */
#pragma once

#include "cgroup/cgroup.h"

/* Write LIMIT into its file in DIR. */
int cgroup_apply_one(int dir, const struct cgroup_write *limit);
