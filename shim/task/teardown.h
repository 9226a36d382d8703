/* SPDX-License-Identifier: GPL-2.0-or-later */
/* teardown - take back what a container is, whatever state it is in. May block. */
#pragma once

#include <stdbool.h>

#include "shim/task/runtime.h"

/*
 * Force the runtime to delete container ID, if RUNTIME is not NULL, and unmount ROOTFS, if that is
 * not NULL. All is tried. Returns 0, or -errno with a record of what is still there.
 */
int teardown(const struct runtime *runtime, const char *id, const char *rootfs);
