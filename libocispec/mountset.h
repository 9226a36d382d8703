/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountset - mounts in a document of their own. */
#pragma once

#include "libocispec/spec.h"

struct oci_mount_set {
	struct oci_mounts mounts;
};

extern const struct oci_type oci_mount_set_type;

/*
 * Read a list of mounts, or an object with a member "mounts" that is one, for instance a whole
 * config.json.  As oci_decode() otherwise.
 */
int oci_decode_mount_set(const struct oci_document *document, struct arena *arena,
			 struct oci_mount_set *ret_set, struct oci_error *ret_error);
