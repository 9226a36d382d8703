/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idmap - map the ids of a new user namespace, user_namespaces(7). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct idmap {
	uint32_t container, host, size;
};

struct idmap_plan {
	const char *prefix; /* where config.json has them, "linux."; for errors */
	const struct idmap *uids, *gids;
	size_t uid_count, gid_count;
	bool needs_tools;      /* newuidmap(1) and newgidmap(1): we may not write all of it */
	bool denies_setgroups; /* the kernel wants that first of an unprivileged writer */
};

/* Write the maps of PID, a child of ours that has not been waited for. */
int idmap_write(pid_t pid, const struct idmap_plan *plan);

/*
 * A user namespace with these maps in which nobody lives, for mountfd_idmap();
 * we must be allowed to write them ourselves.  Returns a descriptor of it.
 */
int idmap_namespace(const struct idmap_plan *plan);
