/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state - the documents that say how a container is (runtime.md, "State"). */
#pragma once

#include "libocispec/decode.h"
#include "libocispec/schema.h"
#include "libocispec/value.h"

enum oci_status {
	OCI_STATUS_ABSENT,
	OCI_STATUS_CREATING,
	OCI_STATUS_CREATED,
	OCI_STATUS_RUNNING,
	OCI_STATUS_PAUSED,
	OCI_STATUS_STOPPED,
};
extern const char *const oci_status_words[];

struct oci_state {
	const char *oci_version;
	const char *id;
	struct oci_i32 pid;
	enum oci_status status;
	const char *bundle;
	const char *rootfs;  /* not in the specification, as also what follows annotations */
	const char *created; /* 2026-01-02T03:04:05.123456789Z */
	struct oci_pairs annotations;
	const char *owner;
};

/* What hooks and the seccomp agent get: the specification's members only. */
extern const struct oci_type oci_state_type;

/* What `tare state` and `tare list` print: all members. */
extern const struct oci_type oci_state_full_type;

/* config-linux.md, "The Container Process State": what the seccomp agent gets. */
struct oci_process_state {
	const char *oci_version;
	struct oci_strings fds; /* "seccompFd" */
	struct oci_i32 pid;
	const char *metadata;
	struct oci_state *state;
};

extern const struct oci_type oci_process_state_type;

/* oci_decode() with the type of what is filled checked by the compiler; takes all members. */
static inline int oci_decode_state(const struct oci_document *document, struct arena *arena,
				   struct oci_state *ret_state, struct oci_error *ret_error)
{
	return oci_decode(&oci_state_full_type, document, arena, ret_state, ret_error);
}
