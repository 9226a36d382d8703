/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup - where a process is in cgroup v2. */
#pragma once

#include <sys/types.h>

/*
 * The folder of PID's cgroup, which the caller frees; NULL when it cannot be found, or is the
 * root.
 */
char *cgroup_of(pid_t pid);

/* The folder of cgroup v2 itself, "" when there is none. Static. */
const char *cgroup_root(void);

/*
 * Move PID into the cgroup NAME: below the root of cgroup v2, or in every hierarchy of v1.
 * Returns 0, or -errno with a record.
 */
int cgroup_enter(const char *name, pid_t pid);
