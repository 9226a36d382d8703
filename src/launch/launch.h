/* SPDX-License-Identifier: GPL-2.0-or-later */
/* launch - what is in our hands while a container comes to life. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fd.h"
#include "cgroup/cgroup.h"
#include "criu/swrk.h"
#include "kernel/clone.h"
#include "kernel/netdevice.h"
#include "launch/agent.h"
#include "launch/notify.h"
#include "launch/pidfile.h"
#include "plan/plan.h"
#include "state/record.h"
#include "state/store.h"

/* What the caller of launch_create() says; all of it is borrowed. */
struct launch_request {
	struct plan *plan;
	const struct oci_spec *spec; /* annotations and hooks for the record */
	const char *config;          /* the bytes of config.json, to be kept for exec */
	size_t config_size;
	const char *state_root;     /* the directory of all containers */
	const char *console_socket; /* absolute; NULL: none */
	const char *pidfd_socket;   /* absolute; NULL: none */
	const char *pid_file;       /* absolute; NULL: none */
	bool is_sticky_root;        /* the state directory is below $XDG_RUNTIME_DIR */
	bool is_debug;              /* trace every step */
	bool starts_itself; /* `run`: there is no gate, the channel stays open for gate_say() */

	/* launch_exec() alone */
	const struct record *container; /* it runs; its cgroup is open in struct launch */
	int target;                     /* a pidfd of its init */
	enum oci_status status;         /* its own */
	const char *sub_cgroup;         /* below the container's; NULL: not said */
	bool waits_for_thaw;            /* of a cgroup that is frozen; else that is refused */

	/* launch_restore() alone */
	const struct criu_request *restore; /* all but what follows from the plan */
	const int *stdio; /* what the container gets for 0 to 2; NO_FD: nothing of ours */
	bool is_ready;    /* it needs not say so: see notify.h */
};

#define LAUNCH_SPARES 4

struct launch {
	const struct launch_request *request;
	const struct plan *plan;
	struct init_plan *init;

	struct store store;
	struct store_slot slot; /* reserved and locked */
	struct record record;
	char created[RECORD_TIME_SIZE];
	char boot_id[64];

	struct cgroup cgroup;
	struct resctrl resctrl;
	int program;       /* tare-init, sealed */
	int block;         /* the plan's block, sealed */
	int channel;       /* to tare-init */
	int patience_ms;   /* how long it may take from one of its messages to the next */
	int their_channel; /* its end, closed once it has it */
	int gate;
	int *join_fds;             /* plan->join_count of them */
	int *tree_fds;             /* plan->tree_count of them */
	int *map_fds;              /* plan->mount_map_count of them */
	struct clone_result child; /* pid 0: not started */
	struct netmove network;    /* open when network devices have been looked for */
	struct netdevice *net_devices;
	size_t net_device_count;
	int console; /* the terminal's master, or NO_FD */
	struct pidfile pid_file;
	void *payload; /* what the next awaited row of ours brings to tare-init; ours to free */
	size_t payload_size;
	struct arena arena;         /* what the record points to, beside plan and spec */
	const char *descriptors[3]; /* of the record */
	bool has_run_hooks;
	bool is_over; /* tare-init has been waited for */

	/* exec: the process that tare-init clones, a child of ours */
	int root;                    /* the container's, if it has no mount namespace */
	int page;                    /* memory that is shared with tare-init */
	pid_t *born;                 /* there: its pid, 0 before it is there */
	struct clone_result process; /* once it has executed */
	int pidfd_stream;            /* connected to who wants its pidfd */
	struct agent agent;          /* who answers for it; without a path: nobody */

	int spares[LAUNCH_SPARES]; /* closed to take things back where no more may be opened */

	struct criu criu;     /* restore: what brings the processes back */
	struct notify notify; /* restore: whoever is told when it is ready */

	struct block_fault fault;
	uint64_t began; /* CLOCK_MONOTONIC, for traces */
};

/* What init does between two of its messages is the kernel's work alone: mounts, in the main. */
#define LAUNCH_PATIENCE_MS 120000

/* Nothing in our hands: what launch_create() begins with and launch_release() takes. */
#define LAUNCH_EMPTY                                                                           \
	{                                                                                      \
		.spares = { NO_FD, NO_FD, NO_FD, NO_FD }, .store = { .fd = NO_FD },            \
		.slot = { .fd = NO_FD, .parent = NO_FD }, .cgroup = { .fd = NO_FD },           \
		.program = NO_FD, .block = NO_FD, .channel = NO_FD, .their_channel = NO_FD,    \
		.patience_ms = LAUNCH_PATIENCE_MS, .gate = NO_FD, .child = { .pidfd = NO_FD }, \
		.network = NETMOVE_CLOSED, .console = NO_FD, .agent = { .stream = NO_FD },     \
		.pid_file = PIDFILE_NONE, .root = NO_FD, .page = NO_FD,                        \
		.process = { .pidfd = NO_FD }, .pidfd_stream = NO_FD, .criu = CRIU_NONE,       \
		.notify = NOTIFY_NONE,                                                         \
	}

/*
 * Create the container in an empty LAUNCH: walk the create table.  On failure everything is taken
 * back.  On success the container waits for `start`; the caller may take
 * console and child.pidfd and releases the rest.
 */
int launch_create(struct launch *launch, const struct launch_request *request);

/*
 * Start a process in a container, whose cgroup is LAUNCH's already (fd NO_FD: it is gone, or there
 * was none): walk the exec table.  On failure everything is taken back, the process included.  On
 * success it has executed; the caller may take console and process.pidfd and releases the rest.
 */
int launch_exec(struct launch *launch, const struct launch_request *request);

/*
 * Add mounts to a container that is there, or take them away: walk the mounts
 * table.  On failure everything is as it was.  Of REQUEST only plan, target,
 * state_root and is_debug count.
 */
int launch_mounts(struct launch *launch, const struct launch_request *request);

/*
 * Make the container in an empty LAUNCH and let CRIU fill it with the processes that were saved:
 * walk the restore table.  On failure everything is taken back.  On success the container runs,
 * its init our child; the caller may take console and child.pidfd and releases the rest.
 */
int launch_restore(struct launch *launch, const struct launch_request *request);

/*
 * The container that was created could not be started, as the error says: when
 * init has said why before there was a gate, or has died, that is the reason.
 * Returns the error's code.
 */
int launch_explain(struct launch *launch);

/* What fails with EMFILE has to be taken back, which takes some descriptors. */
void launch_close_spares(struct launch *launch);

void launch_release(struct launch *launch);
#define _cleanup_launch_ _cleanup_(launch_release)
