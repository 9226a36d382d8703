/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plan - from config.json, options and host to what will be done; pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "cgroup/cgroup.h"
#include "hooks/hook.h"
#include "init/block.h"
#include "kernel/host.h"
#include "libocispec/arena.h"
#include "libocispec/spec.h"
#include "plan/blockwriter.h"
#include "plan/findings.h"
#include "resctrl/resctrl.h"
#include "seccomp/profile.h"

/* What the caller asks for, beside config.json. */
struct plan_request {
	const struct oci_spec *spec; /* outlives the plan, which points into it */
	size_t document_size;        /* bytes of the config.json it is from; 0: not known */
	/*
	 * `tare check`: where everything goes that is wrong or odd; planning goes on behind it.
	 * NULL: planning ends at the first thing that is wrong.
	 */
	struct findings *findings;
	const char *id;
	const char *bundle; /* clean, absolute */
	bool wants_no_pivot;
	bool wants_no_keyring;
	bool is_detached; /* nobody stays to serve a terminal */
	bool has_console_socket;
	bool is_systemd;      /* --systemd-cgroup */
	bool wants_no_cgroup; /* --cgroup-manager disabled: stay where we are */
	/* --rootless: whether a cgroup that we may not make is no error, or as we see fit. */
	enum { CGROUP_AUTO, CGROUP_OPTIONAL, CGROUP_REQUIRED } cgroup_need;
	unsigned preserve_fds; /* LISTEN_FDS included */
	unsigned listen_fds;   /* sockets that were passed to us: LISTEN_FDS, LISTEN_PID=1 */
	/* The seccomp agent's socket where config.json says none; NULL or "": nobody. */
	const char *seccomp_receiver;
	const char *
		notify_directory; /* clean, absolute: where we listen to sd_notify(3); or NULL */
};

/* A namespace that is joined by path. */
struct plan_join {
	unsigned flag; /* CLONE_NEW*, one of them */
	const char *path;
	const char *origin; /* "linux.namespaces[2]" */
	const char *sysctl; /* a key that belongs to it, so it must not be ours; NULL: none */
	const char *names;  /* "hostname" or "domainname", which it gets; NULL: neither */
	bool is_for_init;   /* tare-init joins it; else the process in between */
};

struct plan_idmap {
	uint32_t container, host, size;
};

struct plan_rlimit {
	int resource; /* RLIMIT_* */
	uint64_t soft, hard;
	const char *origin;
};

/* A user namespace whose ids id-mapped mounts show; nobody lives in it. */
struct plan_mount_map {
	struct plan_idmap *uids, *gids; /* none of both: it is the one that is joined */
	size_t uid_count, gid_count;
	const char *origin; /* the first mount that wants it, "mounts[2]" */
};

/* A bind source that the parent must open, since init will not be able to. */
struct plan_tree {
	const char *source; /* clean, absolute */
	bool is_recursive;
	int32_t map; /* index into mount_maps, or NO_SLOT */
	bool is_map_recursive;
	size_t mount; /* index into init->mounts, whose `tree` is this one's index here */
	const char *origin;
};

/* A network device of the host that moves into the container. */
struct plan_net_device {
	const char *name;
	const char *new_name; /* NULL: the same; "eth%d": the kernel chooses the number */
	const char *origin;
};

struct plan {
	struct block_writer block; /* can be added to until it is sealed */
	struct init_plan
		*init; /* inside the block; steps, fault and descriptors are launch's */

	const char *id;
	const char *bundle;
	const char *rootfs; /* clean, absolute */
	const char *oci_version;

	uint64_t clone_flags; /* CLONE_NEW*: new namespaces, CLONE_NEWTIME never among them */
	/*
	 * In the order in which to join: user first, mount last.  The joiner does
	 * it if there is one; else init does, and init->joins has the same items
	 * in the same order, for their descriptors to be filled in.
	 */
	struct plan_join *joins;
	size_t join_count;
	/* Of the new user namespace; of a joined one if config.json has them (to compare). */
	struct plan_idmap *uid_maps, *gid_maps;
	size_t uid_map_count, gid_map_count;
	bool needs_idmap_tools; /* newuidmap(1) and newgidmap(1) */
	bool denies_setgroups;  /* "deny" goes to /proc/PID/setgroups first */
	bool is_rootless;       /* no root's powers over the host */
	/*
	 * Somebody must stand between us and init: a user, pid or time namespace
	 * is joined, or another one while a new user namespace is wanted.
	 */
	bool needs_joiner;
	bool wants_time_namespace; /* the joiner unshares it; or init does, see there */
	const char *time_offsets;  /* the joiner writes them; NULL: none, or init does */

	struct plan_tree *trees; /* init->mounts[].tree is the index of one, or NO_SLOT */
	size_t tree_count;
	/* Applied by the parent to its trees, or else by init: its list is as long then. */
	struct plan_mount_map *mount_maps;
	size_t mount_map_count;

	bool is_removal; /* launch_mounts(): of init->mounts */
	bool goes_on;    /* launch_create(): init waits for nobody before its program */

	struct cgroup_plan cgroup;
	struct resctrl_plan resctrl;
	struct plan_net_device *net_devices;
	size_t net_device_count;
	struct plan_rlimit *rlimits;
	size_t rlimit_count;
	bool has_oom_score;
	int oom_score;
	bool has_seccomp;
	struct seccomp_profile seccomp;
	bool wants_notify;            /* the directory of request->notify_directory is bound */
	const char *seccomp_agent;    /* clean, absolute; NULL: nothing is notified */
	const char *seccomp_metadata; /* for the agent; NULL: none */
	const char *pidfd_receiver;   /* a socket, by an annotation; NULL: none */

	/* exec: where the runtime itself runs before it enters the cgroup; 0 words: anywhere */
	const uint64_t *initial_affinity;
	size_t initial_affinity_count;

	struct hook_list prestart, create_runtime, create_container, poststart, poststop;

	struct arena arena; /* what the pointers above point to, beside the spec */
};

/* What plan_build() has to be told of the host for this REQUEST: of enum host_fact. */
unsigned plan_facts(const struct plan_request *request);

/*
 * Build the plan.  The caller releases it, also after a failure.  A failure's
 * text begins with the JSON path of what cannot be done and ": "
 * ("linux.namespaces[2].path: ..."), unless config.json has no part in it; its code
 * is -EINVAL, or -EOPNOTSUPP for what another host might do.  With findings in REQUEST
 * it does not fail, and the plan is only worth something if there was nothing to find.
 */
int plan_build(const struct plan_request *request, const struct host *host,
	       struct plan *ret_plan);
void plan_release(struct plan *plan);

/* The plan as text, one line for each thing that will be done: golden tests and --debug. */
void plan_dump(const struct plan *plan, struct buf *out);
