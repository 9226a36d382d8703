/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state - how a container is: the document that `tare state` prints. */
#pragma once

#include "base/buf.h"
#include "cgroup/cgroup.h"
#include "container/runtime.h"
#include "libocispec/spec.h"
#include "libocispec/state.h"
#include "state/record.h"
#include "state/store.h"

#define _cleanup_arena_ _cleanup_(arena_free)

/* Add the state of container ID to OUT: indented JSON without a newline at the end. */
int container_state(const struct runtime *runtime, const char *id, struct buf *out);

/*
 * Open the container ID; "container does not exist" when there is none.  To
 * change it, store_lock() it next.
 */
int container_open(const struct runtime *runtime, const char *id, struct store_slot *ret_slot);

/* Its record; "container does not exist" too when none was written before `create` was killed. */
int container_read(const struct store_slot *slot, struct arena *arena,
		   struct record *ret_record);

/* How long a lock is waited for. */
#define CONTAINER_LOCK_MS 10000

/*
 * The same, locked and with its record, whose strings live in ARENA: what
 * start, pause and update begin with.
 */
int container_hold(const struct runtime *runtime, const char *id, struct arena *arena,
		   struct store_slot *ret_slot, struct record *ret_record);

/* The same, and its status: an enum oci_status. */
int container_hold_status(const struct runtime *runtime, const char *id, struct arena *arena,
			  struct store_slot *ret_slot, struct record *ret_record);

/*
 * config.json as it was when the container was created; it lives in ARENA.  Its size in bytes is
 * added to *SIZE (NULL: not wanted).
 */
int container_read_spec(const struct store_slot *slot, struct arena *arena,
			struct oci_spec *ret_spec, size_t *size);

/* Open its cgroup; fd is NO_FD when it has none, or that is gone. */
int container_cgroup(const struct record *record, struct cgroup *ret_cgroup);

/*
 * The status now, an enum oci_status, from the record, the process and its cgroup.  They stay open,
 * also after a failure, for the caller to close: a pidfd of init, and its cgroup while it is alive;
 * NO_FD each where there is none.
 */
int container_look(const struct record *record, int *ret_init, struct cgroup *ret_cgroup);

/* The same without them. */
int container_status(const struct record *record);

/* Fill the document from the record; STATUS as container_status() said. */
void container_describe(const struct record *record, enum oci_status status,
			struct oci_state *ret_state);
