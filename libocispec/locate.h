/* SPDX-License-Identifier: GPL-2.0-or-later */
/* locate - where in a document a JSON path is: for errors that are found after decoding. */
#pragma once

#include "libocispec/decode.h"

/*
 * How long the JSON path is that TEXT begins with: one that leads to a member of TYPE and is
 * followed by ": " ("mounts[2].options: must not ..."). 0 when there is none.
 */
size_t oci_path_length(const struct oci_type *type, const char *text);

/*
 * Line and column (from 1, in bytes) of the value at PATH ("mounts[2].options",
 * "linux.sysctl[\"net.ipv4.ip_forward\"]") of DOCUMENT, which oci_decode() has
 * accepted. Names match without regard to case. When a later part of PATH is not
 * there (a required member is missing), it is the place of what encloses it.
 * Returns 0, or -ENOENT when not even the first part is there.
 */
int oci_locate(const struct oci_document *document, const char *path, unsigned *ret_line,
	       unsigned *ret_column);
