/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec - from a container's saved configuration and a request to a process in it; pure. */
#pragma once

#include "plan/plan.h"

/* What the caller asks for.  All of it is borrowed and outlives the plan. */
struct plan_exec_request {
	const struct oci_spec *spec; /* as the container was created */
	size_t document_size; /* bytes of the documents that SPEC and PROCESS are from; 0: not known */
	const char *id;
	const char *bundle; /* as it was at create */
	/* The seccomp agent that create found, wherever it was named; NULL: none. */
	const char *seccomp_receiver;
	bool has_keyring; /* the container has a session keyring of its own */

	/*
	 * The process of --process; NULL: the container's own.  What the rest says goes on
	 * top of either.
	 */
	const struct oci_process *process;
	struct oci_strings args; /* none: the process's */
	struct oci_strings env;  /* added */
	struct oci_u32 uid, gid;
	struct oci_u32s groups;          /* added */
	struct oci_strings capabilities; /* added: bounding, effective, permitted */
	const char *cwd;                 /* NULL: the process's; these, too */
	const char *selinux_label;
	const char *apparmor_profile;
	bool has_no_new_privileges;
	bool wants_terminal; /* with --process also when that says so */

	bool is_detached;
	bool has_console_socket;
	unsigned preserve_fds;
};

/*
 * Build the plan of a process.  What REQUEST's process does not say is the
 * container's: capabilities, limits, labels, scheduling, OOM score; and in any
 * case its umask, filter, personality and memory policy.  The caller releases
 * the plan, also after a failure, whose text begins as that of plan_build().
 */
int plan_exec(const struct plan_exec_request *request, const struct host *host,
	      struct plan *ret_plan);
