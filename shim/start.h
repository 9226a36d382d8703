/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start - the helper that containerd runs to have a shim: it starts one, or finds the pod's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shim/api/runtime.pb-c.h"
#include "shim/arguments.h"

/* What came on stdin. */
struct bootstrap {
	Api__BootstrapParams *params; /* containerd 2.3 or later; else NULL */
	Api__Any *options;            /* before that; NULL when there are none */
};

/*
 * Read SIZE bytes: parameters if they are for this id and namespace, otherwise options. The
 * caller releases *RET_BOOTSTRAP. Returns 0, or -EINVAL with a record.
 */
int bootstrap_parse(const struct arguments *arguments, const uint8_t *bytes, size_t size,
		    struct bootstrap *ret_bootstrap);
void bootstrap_release(struct bootstrap *bootstrap);

/* The options, wherever they are; NULL: there are none. */
const Api__Any *bootstrap_options(const struct bootstrap *bootstrap);

/* What to print: where PATH is, in the words of who asked. Returns the size; the caller frees. */
size_t bootstrap_reply(const struct bootstrap *bootstrap, const char *path,
		       uint8_t **ret_bytes);

/* All of it. Returns 0, or -errno with a record. */
int start_run(const struct arguments *arguments);
