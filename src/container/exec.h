/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec - start a process in a container that is there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "container/runtime.h"
#include "libocispec/value.h"

struct exec_options {
	const char *id;
	const char *process; /* a file with a process object; NULL: the container's process */
	/* On top of that one: */
	struct oci_strings args;
	struct oci_strings env;
	struct oci_u32 uid, gid;
	struct oci_u32s groups;
	struct oci_strings capabilities;
	const char *cwd;
	const char *selinux_label;
	const char *apparmor_profile;
	bool has_no_new_privileges;
	bool wants_terminal;

	const char *console_socket; /* paths may be relative to the current directory */
	const char *pidfd_socket;
	const char *pid_file;
	const char *sub_cgroup; /* below the container's cgroup */
	bool is_detached;
	bool ignores_pause;
	unsigned preserve_fds;
};

/*
 * Start the process by the configuration that the container was created with.
 * In the foreground: wait for its end and return its exit status; detached:
 * return 0 once it has executed.
 */
int container_exec(const struct runtime *runtime, const struct exec_options *options);
