/* SPDX-License-Identifier: GPL-2.0-or-later */
/* document - what the shim wants to know of a container's config.json. */
#pragma once

#include <stdbool.h>

struct document {
	char *group;       /* the pod's id, from an annotation; NULL: it is alone */
	bool is_systemd;   /* linux.cgroupsPath is slice:prefix:name */
	bool has_own_pids; /* a pid namespace of its own, which ends with its init */
};

/*
 * Read BUNDLE/config.json. What cannot be read is as if it said nothing: the runtime will say
 * what is wrong. The caller releases it.
 */
void document_read(const char *bundle, struct document *ret_document);

void document_release(struct document *document);
