/* SPDX-License-Identifier: GPL-2.0-or-later */
/* liveness - is a recorded process still there, and still the same? */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "libocispec/state.h"
#include "state/record.h"

#define BOOT_ID_SIZE 40

/* What tells a process from a later one with its pid: its inode, or else when it began. */
struct identity_mark {
	struct oci_u64 inode;
	struct oci_u64 start_time;
	char boot_id[BOOT_ID_SIZE];
};

/* Look up PID, a child of ours that has not been waited for, for its record; PIDFD is its, or NO_FD. */
int liveness_mark(pid_t pid, int pidfd, struct identity_mark *ret_mark);

/* Look up this boot's id alone: records are written before there is a process. */
int liveness_boot_id(char ret_boot_id[BOOT_ID_SIZE]);

/* 1 when the record is of this boot (or does not say), 0 when pids and cgroups of it are gone. */
int liveness_is_of_this_boot(const struct record *record);

enum liveness {
	LIVENESS_GONE,   /* no such process, another one with its pid, or not of this boot */
	LIVENESS_ZOMBIE, /* dead, not waited for yet */
	LIVENESS_ALIVE,
};

/*
 * Open the recorded process.  Returns an enum liveness; *ret_pidfd is open when
 * it is LIVENESS_ALIVE or LIVENESS_ZOMBIE and NO_FD otherwise.  A signal sent
 * through it never reaches anybody else.
 */
int liveness_open(const struct record *record, int *ret_pidfd);

/*
 * False when the recorded process, which is alive, executes something other than
 * tare-init: a `start` that was killed could not record that it had worked.
 */
bool liveness_is_waiting(const struct record *record);

/* The status that the specification defines, out of what was recorded and seen. */
enum oci_status liveness_status(enum record_phase phase, enum liveness liveness,
				bool is_frozen);
