/* SPDX-License-Identifier: GPL-2.0-or-later */
/* prepare - from options and bundle to a plan. */
#pragma once

#include "base/cleanup.h"
#include "container/bundle.h"
#include "container/create.h"
#include "container/runtime.h"
#include "kernel/host.h"
#include "plan/plan.h"

struct prepared {
	struct bundle bundle;
	struct host host;
	struct plan plan;
	char *console_socket, *pidfd_socket, *pid_file; /* absolute; NULL: none */
	char *notify_directory; /* of the container's state, if a service manager listens */
};

/*
 * Check the options, read the bundle, look at the host and plan the container.
 * The caller releases PREPARED, also after a failure.
 */
int prepare(const struct runtime *runtime, const struct create_options *options,
	    struct prepared *prepared);

/* What the options and BUNDLE ask for, but for descriptors and sockets. */
void prepare_request(const struct runtime *runtime, const struct create_options *options,
		     const struct bundle *bundle, struct plan_request *ret_request);

/*
 * What the caller left open ends with our execve(2)s, but for the first COUNT
 * descriptors from 3 on, which must be open.
 */
int prepare_descriptors(unsigned count);

/* PATH as it is seen from the current directory, for the caller to free; NULL for none or "". */
int prepare_path(const char *path, char **ret_path);

/* Where the directory of the container's socket for sd_notify(3) is; for the caller to free. */
int prepare_notify_directory(const struct runtime *runtime, const char *id, char **ret_path);

void prepare_release(struct prepared *prepared);
#define _cleanup_prepared_ _cleanup_(prepare_release)
