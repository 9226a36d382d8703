/* SPDX-License-Identifier: GPL-2.0-or-later */
/* join - open a namespace that the container joins, if it may be the container's. */
#pragma once

#include "plan/plan.h"

/*
 * Open the namespace that JOIN names.  Refuses one of another type, and one that belongs to the
 * host where the container would change it for everybody in there: its sysctls, its names, its
 * root directory.  Returns a descriptor, or -errno with the place in config.json on record.
 */
int join_open(const struct plan_join *join);
