/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec - a config.json to begin with. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "libocispec/spec.h"

struct spec_options {
	const char *bundle; /* the directory; NULL: the current one */
	const char *file;   /* in the bundle, overwritten; NULL: config.json, which is not */
	bool is_rootless; /* for a user who may not be root on this host: uid and gid become 0 */
};

/* The document: a shell in new namespaces.  UID and GID count with IS_ROOTLESS only. */
void spec_text(bool is_rootless, uid_t uid, gid_t gid, struct buf *out);

/* Write it to the file. */
int container_spec(const struct spec_options *options);
