/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bind - show one thing of the host or the container in another place of the container. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "init/init.h"

struct bind {
	int dir; /* SOURCE starts here; with "" it is the source */
	const char *source;
	const char *path;  /* where in the container, for mount(2) alone */
	int target;        /* that place, O_PATH */
	uint64_t set;      /* MOUNT_ATTR_* */
	bool is_recursive; /* with what is mounted below the source, SET too */
};

/* By the new mount API; by mount(2) where there is none. */
int bind_over(const struct init *init, const struct bind *bind);
