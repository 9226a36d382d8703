/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state - the tables of the documents that say how a container is. */
#include "libocispec/state.h"

#include "libocispec/tables.h"

/* clang-format off */
const char *const oci_status_words[] = {
	[OCI_STATUS_ABSENT]   = "",
	[OCI_STATUS_CREATING] = "creating",
	[OCI_STATUS_CREATED]  = "created",
	[OCI_STATUS_RUNNING]  = "running",
	[OCI_STATUS_PAUSED]   = "paused",
	[OCI_STATUS_STOPPED]  = "stopped",
	NULL,
};

#define T oci_state
const struct oci_type oci_state_type = TYPE(
	STRING    ("ociVersion",  oci_version, REQUIRED),
	STRING    ("id",          id,          REQUIRED),
	ENUM      ("status",      status,      oci_status, REQUIRED),
	I32       ("pid",         pid),
	STRING    ("bundle",      bundle,      REQUIRED),
	STRING_MAP("annotations", annotations));

const struct oci_type oci_state_full_type = TYPE(
	STRING    ("ociVersion",  oci_version, REQUIRED),
	STRING    ("id",          id,          REQUIRED),
	I32       ("pid",         pid),
	ENUM      ("status",      status,      oci_status, REQUIRED),
	STRING    ("bundle",      bundle,      REQUIRED),
	STRING    ("rootfs",      rootfs),
	STRING    ("created",     created),
	STRING_MAP("annotations", annotations),
	STRING    ("owner",       owner));
#undef T

#define T oci_process_state
const struct oci_type oci_process_state_type = TYPE(
	STRING ("ociVersion", oci_version, REQUIRED),
	STRINGS("fds",        fds,         REQUIRED),
	I32    ("pid",        pid,         REQUIRED),
	STRING ("metadata",   metadata),
	OBJECT ("state",      state,       oci_state, REQUIRED));
#undef T
/* clang-format on */
