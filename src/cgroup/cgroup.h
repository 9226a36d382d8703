/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup - make, fill, watch and remove the container's cgroup (cgroup v2, files only). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct unit_plan; /* cgroup/unit.h */

/* One value for one file, worked out beforehand by plan/. */
struct cgroup_write {
	const char *file; /* "memory.max" */
	const char *value;
	const char *controller; /* "memory": named when the file is not there */
	const char *origin;     /* "linux.resources.memory.limit" */
	bool may_be_absent;     /* no such file: nothing to do */
	bool is_try;            /* refused for what else is set: it comes again behind that */
	const char *instead;    /* where this file is there, ours may be absent; NULL: none */
};

/* One row of the device filter, the last match wins. */
struct device_rule {
	char type;            /* 'a', 'b' or 'c' */
	int64_t major, minor; /* -1: any */
	unsigned access;      /* DEVICE_READ | ... */
	bool is_allowed;
};
#define DEVICE_READ 1u
#define DEVICE_WRITE 2u
#define DEVICE_MKNOD 4u

struct cgroup_plan {
	const char *mount;       /* where cgroup2 is mounted: "/sys/fs/cgroup" */
	const char *controllers; /* of the mount's root; NULL: not looked up */
	const char *path;        /* below it: "/a/b"; NULL: the container stays in our cgroup */
	const struct unit_plan *unit; /* systemd makes it, path is where; NULL: we do */
	bool is_optional; /* rootless, and nothing was asked for: not being allowed is no error */
	bool sees_types;    /* whoever enters it cannot call cgroup_settle_types() */
	bool wants_devices; /* attach the filter */
	struct device_rule *devices;
	size_t device_count;
	struct cgroup_write *writes; /* in order */
	size_t write_count;
	/*
	 * Limits of bytes that are refused when that much is in use; 0: none.  Of memory, and of
	 * memory and swap.
	 */
	uint64_t refused_memory, refused_swap;
	bool is_delegated; /* give the directory to OWNER */
	uid_t owner;
	gid_t owner_group;
};

/* A cgroup that is open. */
struct cgroup {
	int fd;          /* its directory; NO_FD: there is none (is_optional) */
	char *path;      /* absolute, in the file system; NULL when there is none */
	uint64_t id;     /* its inode: a later cgroup of the same name is another one */
	bool is_new_top; /* we made a directory */

	/* cgroup_count_kills_above() */
	bool counts_above;
	unsigned long long kills_above;
};

/*
 * Make the directory and those above it, enabling controllers on the way.
 * Refuses a cgroup that has processes ("container's cgroup is not empty: N
 * process(es) found") or is frozen ("container's cgroup unexpectedly frozen").
 * Undoes what it made when it fails.
 */
int cgroup_make(const struct cgroup_plan *plan, struct cgroup *ret_cgroup);

/*
 * A new cgroup below a threaded one can be entered when it is threaded, too; what cgroup_make() made
 * may not be yet (EOPNOTSUPP).  Make it so, or refuse it if there are limits that need a domain.
 */
int cgroup_settle_types(const struct cgroup_plan *plan);

/* Give it to the plan's owner, if it is delegated: cgroup_make() has done so. */
int cgroup_delegate(const struct cgroup *cgroup, const struct cgroup_plan *plan);

/* Write the limits; the first that fails is named by its origin. */
int cgroup_apply(const struct cgroup *cgroup, const struct cgroup_plan *plan);

/* What cgroup_change() has done. */
struct cgroup_change;

/*
 * Write the limits over those that are there and, if the plan wants it, put
 * another device filter in the place of the one that is there, in one step.
 * When a part fails, what was done before is taken back.  The caller frees the
 * change; until then it can be undone.
 */
int cgroup_change(const struct cgroup *cgroup, const struct cgroup_plan *plan,
		  struct cgroup_change **ret_change);

/* Put back what was there before; what cannot be put back is logged, a failure that is on record stays. */
void cgroup_change_undo(struct cgroup_change *change);
void cgroup_change_free(struct cgroup_change *change);

/* Load and attach the device filter. */
int cgroup_filter_devices(const struct cgroup *cgroup, const struct cgroup_plan *plan);

/*
 * Open a cgroup that was recorded.  Returns 0 and fd NO_FD when it is gone or
 * its id is another one.
 */
int cgroup_open(const char *path, uint64_t id, struct cgroup *ret_cgroup);

/*
 * Open the cgroup PATH below PARENT ("/" is PARENT itself).  Refuses what leads
 * out of it: "bad sub cgroup path".
 */
int cgroup_open_below(const struct cgroup *parent, const char *path, struct cgroup *ret_cgroup);

/* Open the cgroup in which PID, who must not be able to go, is now; MOUNT is that of cgroup2. */
int cgroup_open_of(const char *mount, pid_t pid, struct cgroup *ret_cgroup);

/* Kill all that is in it and below: cgroup.kill, or freeze and one by one; waits until it is empty. */
int cgroup_kill(const struct cgroup *cgroup, int timeout_ms);

/* Send SIGNAL to each process in it and below. */
int cgroup_signal(const struct cgroup *cgroup, int signal);

/* How many processes are in it and below; the pids at *ret_pids, for the caller to free. */
int cgroup_pids(const struct cgroup *cgroup, pid_t **ret_pids, size_t *ret_count);

/* 1 when it is frozen, 0 when not. */
int cgroup_is_frozen(const struct cgroup *cgroup);

/* Freeze or thaw with a bounded wait; a freeze that is not reached in time is undone. */
int cgroup_freeze(const struct cgroup *cgroup, bool is_frozen, int timeout_ms);

/*
 * True when it stands still, be it for one above it, of which its own cgroup_is_frozen() says
 * nothing; false while it is only about to.
 */
bool cgroup_stands_still(const struct cgroup *cgroup);

/*
 * 1 when what is put into it would be held still: it is frozen, or is about to be, or one above it
 * is; 0 when not.
 */
int cgroup_is_held(const struct cgroup *cgroup);

/*
 * Wait until that is over or the process of PIDFD has ended, however long: the user can end it
 * (kernel/interrupt.h).
 */
int cgroup_wait_released(const struct cgroup *cgroup, int pidfd);

/*
 * Remove it and all cgroups below it, trying again for TIMEOUT_MS while it is
 * busy.  Parents that we made are left: others may use them.  Nothing there is
 * success.
 */
int cgroup_remove(const struct cgroup *cgroup, int timeout_ms);

/* Remove it if nothing is in it, neither processes nor cgroups. False: it is as it was. */
bool cgroup_remove_empty(const struct cgroup *cgroup);

/*
 * Remove it alone, if nothing is in it or comes out of it within TIMEOUT_MS: what is used is
 * somebody else's, and left without an error.
 */
int cgroup_remove_unused(const char *path, int timeout_ms);

/*
 * For a cgroup that somebody else removes when it is empty, as systemd does: what the one above has
 * counted until now, so that cgroup_was_oom_killed() knows it afterwards, too.
 */
void cgroup_count_kills_above(struct cgroup *cgroup);

/*
 * True when the kernel killed something in it for lack of memory; of one that is gone: when that
 * happened to it or a neighbour since cgroup_count_kills_above().
 */
bool cgroup_was_oom_killed(const struct cgroup *cgroup);

/* True when something in it got no memory because of the limit, killed or not. */
bool cgroup_ran_out_of_memory(const struct cgroup *cgroup);

void cgroup_close(struct cgroup *cgroup);
