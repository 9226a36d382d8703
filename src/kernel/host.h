/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host - what the machine under us is and lets us do; asked once. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Facts that take a file each, and that not everybody asks for. */
enum host_fact {
	HOST_OWN_CGROUP = 1,  /* own_cgroup and is_cgroup_hybrid */
	HOST_CONTROLLERS = 2, /* cgroup_controllers, and is_cgroup_hybrid if some are missing */
	HOST_LSM = 4,         /* has_selinux and has_apparmor */
	HOST_TIME = 8,        /* has_time_namespace */
	HOST_ALL = 15,
};

struct host {
	uid_t euid;
	gid_t egid;
	bool is_privileged; /* euid 0 in the initial user namespace */
	bool is_initial_userns;
	uint64_t capabilities; /* our effective set */
	unsigned last_capability;
	unsigned kernel;        /* major << 16 | minor << 8 */
	char cgroup_mount[256]; /* where cgroup2 is mounted; "" when it is not */
	char own_cgroup[1024];  /* our place in it, "/" at least; "" when unknown */
	bool is_cgroup_hybrid;  /* some controllers are bound to cgroup v1 */
	char cgroup_controllers
		[256]; /* cgroup.controllers of the mount's root: "cpu io memory" */
	bool has_selinux;
	bool has_apparmor;
	bool has_time_namespace;
	bool is_swap_accounted;
};

/*
 * Look at the machine.  Only what plan/ needs and nothing slow: a handful of
 * system calls; nothing is known of those FACTS (enum host_fact) that are not
 * asked for ("" and false).  Fails when /proc is not there.
 */
int host_probe(unsigned facts, struct host *ret_host);

/* True when the LIST, of cgroup v2, leaves no controller of Linux to cgroup v1. */
bool host_has_all_controllers(const char *list);

/* True for the /proc/PID/uid_map of the initial user namespace: it maps all ids to themselves. */
bool host_maps_everything(const char *uid_map);
