/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cleanup - `delete`: what is left of a container when its shim is gone. */
#pragma once

#include "shim/arguments.h"

/*
 * Delete it, unmount its root file system, forget a socket without a shim, and print a
 * DeleteResponse. That nothing is left is no failure: containerd runs this after every
 * container. Returns 0, or -errno with a record.
 */
int cleanup_run(const struct arguments *arguments);
