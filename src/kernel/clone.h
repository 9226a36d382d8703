/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone - start a program from a descriptor, in new namespaces and in its cgroup, clone3(2). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel/namespace.h"

/* A limit that the child sets for itself; setrlimit(2). */
struct clone_limit {
	int resource;
	uint64_t soft, hard;
	const char *origin; /* for errors: "process.rlimits[0]" */
};

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
	const struct clone_limit *limits;
	size_t limit_count;
};

struct clone_result {
	pid_t pid;
	int pidfd;
	bool is_limit; /* what failed is a limit: another cgroup would not help */
};

/*
 * Start it.  Without joins the child shares our memory until it has executed
 * (vfork), so nothing is copied.  With them, or when CLONE_INTO_CGROUP is not to
 * be had, a process in between enters and joins, and its child becomes ours.  What fails in the
 * child, up to its execve(2), is reported here.
 */
int clone_start(const struct clone_plan *plan, struct clone_result *ret_result);
