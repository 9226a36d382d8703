/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - add mounts to a container that is there, and take them away. */
#pragma once

#include <stdbool.h>

#include "container/runtime.h"

/*
 * FILE ("-": stdin) has a list of mounts as in config.json, or an object whose
 * member "mounts" is one.  Add them all to the container ID, in their order, or
 * none; with IS_REMOVAL unmount what is at their destinations, the last one
 * first.  They are not remembered: a container that is created again is without.
 */
int container_mounts(const struct runtime *runtime, const char *id, const char *file,
		     bool is_removal);
