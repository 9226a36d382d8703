/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pause - hold all processes of a container still, and let them go on. */
#pragma once

#include "container/runtime.h"

/*
 * Freeze the cgroup of a created or running container.  Returns when all stand
 * still; those that do not in time are let go again, and it fails.
 */
int container_pause(const struct runtime *runtime, const char *id);

/* The other way round, for a paused container. */
int container_resume(const struct runtime *runtime, const char *id);
