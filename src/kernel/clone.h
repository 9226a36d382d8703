/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone - start a program from a descriptor, in new namespaces and in its cgroup, clone3(2). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel/namespace.h"

struct clone_plan {
	uint64_t flags;             /* CLONE_NEW* */
	bool enters_user_namespace; /* a new or a joined one: keep our capabilities there */
	int cgroup;                 /* its directory, or NO_FD */
	int program;                /* a static program, opened or a memfd */
	char *const *args;
	const int *keep; /* descriptors that stay open over execve(2), under their numbers */
	size_t keep_count;
	struct namespace_join *joins; /* joined before, by somebody in between; may be none */
	size_t join_count;
	bool makes_time_namespace; /* by somebody in between, with these offsets */
	const char *time_offsets;  /* as /proc/PID/timens_offsets takes them, or NULL */
};

struct clone_result {
	pid_t pid;
	int pidfd;
};

/*
 * Start it.  Without joins the child shares our memory until it has executed
 * (vfork), so nothing is copied.  With them, or when CLONE_INTO_CGROUP is not to
 * be had, a process in between enters and joins, and its child becomes ours.  execve(2) failures are reported here.
 */
int clone_start(const struct clone_plan *plan, struct clone_result *ret_result);
