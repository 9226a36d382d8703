/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountpoints - the places in a root file system where CRIU is going to mount. */
#pragma once

#include "plan/plan.h"

/*
 * Make those that are missing, as tare-init does where it mounts by itself: in the root file
 * system, or where a bind mount that comes before leads.  Other file systems bring their own.
 */
int mountpoints_make(const struct plan *plan);
