/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kill - send a signal to a container. */
#pragma once

#include <stdbool.h>

#include "container/runtime.h"

/*
 * Send SIGNAL to the container's init.  SIGKILL goes to the whole cgroup when
 * the container shares its pid namespace.  IS_ALL sends any signal to the whole
 * cgroup, and is no error when the container is stopped.
 */
int container_kill(const struct runtime *runtime, const char *id, int signal, bool is_all);

/* The same for all whose id PATTERN matches; see matching.h. */
int container_kill_matching(const struct runtime *runtime, const char *pattern, int signal,
			    bool is_all);
