/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record - what is remembered about a container between two runs of tare. */
#pragma once

#include <assert.h>
#include <stdbool.h>

#include "libocispec/arena.h"
#include "libocispec/encode.h"
#include "libocispec/spec.h"
#include "libocispec/state.h"

/* How far `create` and `start` came. Whether the process still lives is asked of the kernel. */
enum record_phase {
	RECORD_PHASE_ABSENT,
	RECORD_CREATING, /* what is named here may or may not have been made */
	RECORD_CREATED,  /* waits for `start` */
	RECORD_RUNNING,  /* `start` opens the gate */
	RECORD_STOPPED,  /* somebody saw it end */
};
extern const char *const record_phase_words[];

enum record_driver {
	RECORD_DRIVER_ABSENT,
	RECORD_CGROUPFS,
	RECORD_SYSTEMD,
	RECORD_NO_CGROUP, /* --cgroup-manager=disabled */
};
extern const char *const record_driver_words[];

/* A network device of the host, written down before it is moved into the container. */
struct record_net_device {
	const char *name;
	struct oci_u32 index;
	struct oci_bool is_up;
	struct oci_u32 master;
	const char
		*link; /* its hardware address; this and addresses are bytes in hexadecimal */
	struct oci_strings addresses;
	struct oci_u32 new_index; /* in the container */
};
OCI_LIST(record_net_devices, struct record_net_device);

/*
 * Strings and lists are borrowed: from the plan when a record is written, from
 * the arena when it was read.
 */
struct record {
	struct oci_u32 begun; /* set: what comes next is that it runs; 1: it does, see phase */
	bool may_begin; /* read with a begun of 0: it may run by now, see container_status() */
	enum record_phase phase;
	const char *oci_version;
	const char *id;
	const char *bundle;
	const char *rootfs;
	const char *
		created; /* 2026-01-02T03:04:05.123456789Z, see record_now(); each record has it */
	struct oci_u32 owner;
	struct oci_i32 pid;        /* of init; absent: not cloned yet */
	struct oci_u64 pid_inode;  /* which process that is: pidfd_inode() */
	struct oci_u64 start_time; /* the same without pidfs: field 22 of /proc/PID/stat */
	const char *boot_id;       /* of the boot that pid and cgroup belong to */
	enum record_driver driver;
	const char *cgroup;       /* absolute path in the file system; NULL: none of its own */
	struct oci_u64 cgroup_id; /* its inode; absent: not made yet */
	const char *unit;         /* of systemd: "runc-ID.scope" */
	struct oci_bool has_private_pid_namespace;
	struct oci_bool is_rootless;
	struct oci_bool has_keyring;     /* a session keyring of its own, for exec to join */
	const char *resctrl;             /* directory of its group; NULL: no group of its own */
	struct oci_bool is_resctrl_made; /* ... which we made, so it goes with the container */
	const char *resctrl_monitor;     /* the same of its mon_groups, always ours */
	struct record_net_devices net_devices;
	const char *network; /* path of the network namespace that is joined; NULL: a new one */
	const char *seccomp_agent;    /* who gets the filter's listener; NULL: there is none */
	const char *seccomp_metadata; /* what it is told beside */
	struct oci_strings
		descriptors; /* 0 to 2 at the beginning, as descriptor_name() has them */
	struct oci_pairs annotations; /* see record_annotations() */
	struct oci_bool
		has_annotations_aside;   /* they are where config.json is kept, not here */
	struct oci_resources *resources; /* as `update` left them; NULL: see config.json */
	struct oci_hooks *hooks;         /* poststart and poststop of it are kept */
};

/* True for what store_read() makes of a directory in which no record was written yet. */
static inline bool record_is_empty(const struct record *record)
{
	return !record->created;
}

/*
 * Annotations of more bytes than this are not written with each version of the record: they are
 * in config.json as it is kept, which says the same for as long as the container is there.
 */
#define RECORD_ANNOTATIONS_MAX 4096

/* Its annotations; of a record that was read: after store_read_annotations(). */
static inline struct oci_pairs record_annotations(const struct record *record)
{
	assert(record->annotations.is_set || !record->has_annotations_aside.value);
	return record->annotations;
}

/* A record of more bytes than this is not written and not read. */
#define RECORD_SIZE_MAX (16u << 20)

/* Where the digit of `begun` is in a record that has one: {"begun":0, */
#define RECORD_BEGUN_AT 9

/* The record as JSON, with a newline. */
void record_encode(const struct record *record, struct oci_text *text);

/* What RECORD says, from SIZE BYTES; strings live in ARENA.  Fails with line and column. */
int record_decode(const char *bytes, size_t size, struct arena *arena,
		  struct record *ret_record);

/* The annotations that config.json, SIZE BYTES, has; they live in ARENA. */
int record_decode_annotations(const char *bytes, size_t size, struct arena *arena,
			      struct oci_pairs *ret_annotations);

/* What the record of a new container says of them; borrowed. */
void record_set_annotations(struct record *record, const struct oci_pairs *annotations);

/* The time as RFC 3339 in UTC with nanoseconds, for `created`. */
#define RECORD_TIME_SIZE 40
void record_now(char ret_text[RECORD_TIME_SIZE]);
