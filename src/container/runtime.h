/* SPDX-License-Identifier: GPL-2.0-or-later */
/* runtime - what the global options say, for every verb. */
#pragma once

#include <stdbool.h>

enum cgroup_manager {
	CGROUP_MANAGER_CGROUPFS,
	CGROUP_MANAGER_SYSTEMD,
	CGROUP_MANAGER_DISABLED
};

enum rootless { ROOTLESS_AUTO, ROOTLESS_TRUE, ROOTLESS_FALSE };

struct runtime {
	const char *root; /* the state directory; never NULL */
	bool is_debug;
	bool is_systemd; /* --systemd-cgroup */
	enum cgroup_manager cgroup_manager;
	enum rootless rootless;
	bool is_root_given; /* --root was said, so it must exist for list */
};
