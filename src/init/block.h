/* SPDX-License-Identifier: GPL-2.0-or-later */
/* block - what tare-init is told: one flat piece of memory without pointers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * The parent builds the block (plan/), seals it in a memfd and hands it to
 * tare-init, which maps it read-only.  Everything refers to everything else by
 * its offset from the start, so it means the same wherever it is mapped.
 * Offset 0 is the header itself and so stands for "nothing".
 */
typedef uint32_t block_text; /* a terminated string; 0: none */

struct block_list {
	uint32_t at; /* the first item; its type is said beside the member */
	uint32_t count;
};

#define BLOCK_MAGIC 0x65726174 /* "tare" */
#define NO_SLOT (-1)           /* a descriptor that is not there */

/* ---- the order (launch/create.c decides it, both sides walk it) ---- */

enum side { SIDE_PARENT, SIDE_INIT };

/* What tare-init can do; the adapters are in init/acts.c. */
enum act {
	ACT_NONE, /* a row of the parent's */
	ACT_JOIN_NAMESPACES,
	ACT_BECOME_ROOT,
	ACT_TIME_OFFSETS,
	ACT_CGROUP_NAMESPACE,
	ACT_SESSION,
	ACT_LOOPBACK,
	ACT_KEYRING,
	ACT_PROPAGATION,
	ACT_MOUNTS_ASIDE,
	ACT_ROOTFS,
	ACT_MOUNTS,
	ACT_DEVICES,
	ACT_CONSOLE,
	ACT_PIVOT,
	ACT_HOSTNAME,
	ACT_SYSCTL,
	ACT_READONLY_PATHS,
	ACT_MASKED_PATHS,
	ACT_ROOT_READONLY,
	ACT_SCHEDULING,
	ACT_IDENTITY,
	ACT_LABEL,
	ACT_ENVIRONMENT,
	ACT_WORKING_DIRECTORY,
	ACT_EXECUTABLE,
	ACT_READY,
	ACT_GO_ON,
	ACT_WAIT_FOR_START,
	ACT_HOOKS_START,
	ACT_REACH_AGENT,
	ACT_SECCOMP,
	ACT_EXEC,
	ACT_AFFINITY,
	ACT_ENTER,
	ACT_TERMINAL,
	ACT_SPAWN,
	ACT_ADD_MOUNTS,
	ACT_REMOVE_MOUNTS,
	ACT_SURFACE,
	ACT_COUNT,
};

struct block_step {
	block_text name;
	uint8_t side;       /* enum side */
	uint8_t is_awaited; /* the other side stops here until this one is done */
	uint16_t act;       /* enum act */
};

/* An injected fault, for tests only: see launch/fault.h. */
enum fault_kind { FAULT_NONE, FAULT_ERRNO, FAULT_KILL, FAULT_KILL_OTHER };

struct block_fault {
	uint32_t kind; /* enum fault_kind */
	uint32_t step; /* index into steps */
	int32_t code;  /* the errno */
};

/* ---- namespaces ---- */

struct block_join {
	int32_t fd;    /* of the namespace */
	uint32_t flag; /* CLONE_NEW* */
	block_text origin;
};

/* ---- the file system ---- */

enum mount_kind {
	MOUNT_FS,      /* a new file system of TYPE */
	MOUNT_BIND,    /* SOURCE, or the tree in slot `tree` */
	MOUNT_CGROUP,  /* cgroup2, or where that is refused a bind of SOURCE */
	MOUNT_REMOUNT, /* change what is mounted at DESTINATION */
	MOUNT_CHANGE,  /* propagation only, no new mount */
};

struct block_mount {
	block_text origin;      /* "mounts[3]" */
	block_text destination; /* clean, absolute as seen in the container */
	block_text source;      /* bind: a clean absolute host path; fs: its source, or none */
	block_text type;
	block_text label; /* of its root, where the file system takes no context= */
	struct block_list
		data; /* block_text: options of the file system, "key" or "key=value" */
	struct block_list
		propagation; /* uint32_t: MS_SHARED, MS_PRIVATE | MS_REC..., in order */
	uint64_t set;        /* MOUNT_ATTR_* of this mount */
	uint64_t clear;      /* MOUNT_ATTR_* that the options take away (binds inherit them) */
	uint64_t recursive_set; /* the r* options */
	uint64_t recursive_clear;
	uint32_t
		superblock_set; /* MS_SYNCHRONOUS, MS_LAZYTIME...: of the file system, not the mount */
	uint32_t superblock_clear;
	int32_t tree;  /* a detached tree that the parent opened, or NO_SLOT */
	int32_t idmap; /* index into mount_maps, or NO_SLOT */
	uint8_t kind;  /* enum mount_kind */
	uint8_t is_recursive;
	uint8_t is_copied_up; /* tmpcopyup */
	uint8_t is_idmap_recursive;
	uint8_t is_mode_given; /* tmpfs: mode= is among the data */
	uint8_t is_optional;   /* a missing source skips the mount */
};

struct block_device {
	block_text origin;
	block_text path; /* absolute in the container */
	uint32_t mode;   /* S_IFCHR | 0666 ... */
	uint32_t major;
	uint32_t minor;
	uint32_t uid;
	uint32_t gid;
	uint8_t is_default; /* may be there already, whatever it is named in the image */
};

struct block_link {
	block_text path;   /* "/dev/fd" */
	block_text target; /* "/proc/self/fd" */
};

/* A text and where it comes from ("linux.maskedPaths[2]"). */
struct block_entry {
	block_text text;
	block_text origin;
};

/* ---- the process ---- */

struct block_hook {
	block_text path;
	struct block_list args; /* block_text; args[0] is there */
	struct block_list env;  /* block_text */
	uint8_t has_env;        /* without: the container's */
	uint32_t timeout;       /* seconds; 0: none */
};

struct block_sysctl {
	block_text path; /* below /proc/sys, "net/ipv4/ip_forward" */
	block_text value;
	block_text origin;
};

struct block_capabilities {
	uint64_t bounding, effective, inheritable, permitted, ambient;
	uint32_t last;  /* the kernel's highest */
	uint8_t is_set; /* absent in config.json: the sets are left alone */
};

struct block_scheduler {
	uint8_t is_set;
	uint8_t is_late; /* not inherited through fork(2), so it is for the process itself */
	uint32_t policy;
	int32_t nice;
	uint32_t priority;
	uint64_t flags, runtime, deadline, period;
};

struct block_limit {
	uint8_t is_set;
	uint64_t soft, hard;
};

struct init_plan {
	uint32_t magic;
	uint32_t size; /* of the whole block */

	struct block_list steps; /* struct block_step */
	struct block_fault fault;
	uint8_t wants_trace; /* report when each row began and ended */

	/* descriptors, under these numbers in tare-init */
	int32_t channel; /* to the parent, SOCK_SEQPACKET */
	int32_t gate;    /* where `start` knocks: a listening socket; NO_SLOT: `run` says so */
	uint32_t preserve_fds; /* 3.. that the process keeps */

	/* namespaces */
	struct block_list joins;     /* struct block_join */
	uint8_t has_user_namespace;  /* new or joined: become its root */
	uint8_t may_set_groups;      /* setgroups(2) is allowed there */
	uint8_t has_mount_namespace; /* new */
	uint8_t has_pid_namespace;   /* new or joined */
	uint8_t surfaces;            /* a joined one, but act_surface() brings us there */
	uint8_t wants_loopback;
	uint8_t wants_time_namespace; /* unshare(CLONE_NEWTIME), entered by a later execve(2) */
	block_text time_offsets;      /* to write to timens_offsets after that; 0: none */
	block_text session_name;      /* of the session keyring */

	/* the file system */
	block_text rootfs;         /* clean absolute host path */
	uint32_t propagation;      /* MS_SLAVE | MS_REC...: of the whole tree beforehand */
	uint32_t root_propagation; /* MS_SHARED..., of the new root at the end, or 0 */
	uint8_t is_root_readonly;
	uint8_t wants_no_pivot;
	uint8_t keeps_mount_namespace; /* the runtime's: mount aside, and chroot at the end */
	uint8_t makes_devices;         /* /dev is the container's own: make nodes and links */
	uint8_t binds_devices;         /* mknod(2) is not for us: bind the host's nodes */
	uint8_t is_dev_readonly;       /* the /dev mount said ro: after its devices are made */
	struct block_list mounts;      /* struct block_mount, in order */
	struct block_list mount_maps;  /* int32_t: user namespaces, for id-mapped mounts */
	struct block_list devices;     /* struct block_device */
	struct block_list links;       /* struct block_link */
	struct block_list readonly_paths; /* struct block_entry */
	struct block_list masked_paths;   /* struct block_entry */

	/* the system's names and knobs */
	block_text hostname;
	block_text domainname;
	struct block_list sysctls; /* struct block_sysctl */

	/* the process */
	uint8_t has_process;    /* without one there is nothing to execute */
	struct block_list args; /* block_text */
	struct block_list env;  /* block_text, each with '=', no name twice */
	block_text cwd;
	uint32_t uid;
	uint32_t gid;
	struct block_list groups; /* uint32_t */
	uint8_t keeps_groups;     /* leave the supplementary groups as they are */
	uint32_t umask;
	struct block_capabilities capabilities;
	uint8_t has_no_new_privileges;
	uint8_t wants_terminal;
	uint16_t console_height, console_width; /* 0: leave them */
	uint8_t has_seccomp;                    /* the filter follows through the channel */
	uint32_t seccomp_flags; /* SECCOMP_FILTER_FLAG_*; NEW_LISTENER: there is an agent */
	block_text selinux_label;
	block_text apparmor_profile;
	struct block_scheduler scheduler;
	uint8_t has_io_priority;
	uint32_t io_priority; /* as ioprio_set(2) takes it */
	uint8_t has_personality;
	uint64_t personality;
	uint8_t has_memory_policy;
	uint32_t memory_policy;         /* MPOL_* | MPOL_F_* */
	struct block_list memory_nodes; /* uint64_t words of the node mask */

	struct block_list hooks_start; /* struct block_hook */

	/* what comes into the sight of others late: act_surface() and act_spawn() */
	int32_t page;               /* memory shared with the parent: the new process's pid_t */
	struct block_list filter;   /* struct sock_filter: the seccomp filter */
	uint8_t loads_filter_early; /* before the process is visible in the container */
	struct block_limit processes; /* RLIMIT_NPROC, for who is cloned alone */

	/* exec: a process for a container that is there already */
	uint8_t enters;             /* this is one */
	int32_t target;             /* the pidfd of the container's init */
	uint32_t namespaces;        /* CLONE_NEW* of it to be joined */
	int32_t container_root;     /* to chroot to; NO_SLOT: that of the mount namespace */
	uint8_t keeps_affinity;     /* without a list: the caller's, not all processors */
	struct block_list affinity; /* uint64_t words of the mask of processors */

	block_text hook_state_head; /* the state document on both sides of the pid's number */
	block_text hook_state_tail;
};

/* The thing at offset AT. */
static inline const void *block_at(const struct init_plan *plan, uint32_t at)
{
	return (const char *)plan + at;
}

static inline const char *block_string(const struct init_plan *plan, block_text at)
{
	return at ? (const char *)plan + at : (const char *)0;
}

/* The items of a list: LIST_OF(plan, plan->mounts, struct block_mount)[i]. */
#define LIST_OF(plan, list, type) ((const type *)block_at((plan), (list).at))

/*
 * How act_spawn() and act_surface() clone: our parent's child, whose pid it finds in the page.
 * The filter of the process must let it through to be loaded before.
 */
#define BLOCK_SPAWN_FLAGS (CLONE_PARENT | CLONE_PARENT_SETTID | SIGCHLD)

/* What act_spawn()'s child is called until it has executed: no file's name has a slash. */
#define BLOCK_SPAWN_NAME "/exec"

/* ---- the channel ---- */

enum message_kind {
	MESSAGE_DONE,
	MESSAGE_FAILED,
	MESSAGE_TRACE,
	MESSAGE_CONSOLE,  /* the terminal rides with it */
	MESSAGE_AGENT,    /* to `start`: connect to the seccomp agent, answer MESSAGE_DONE */
	MESSAGE_LISTENER, /* to `start`: give what rides with it to the agent, answer too */
};

/* Each message is one packet. */
struct message {
	uint32_t kind; /* enum message_kind */
	uint32_t step;
	uint64_t began; /* MESSAGE_TRACE: CLOCK_MONOTONIC, nanoseconds */
	uint64_t ended;
};
/* MESSAGE_FAILED is followed by a struct err, MESSAGE_DONE of the filter's row by its bytes. */
