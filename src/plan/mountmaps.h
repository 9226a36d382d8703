/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountmaps - by which ids the files of a mount are shown (config.md, "Mounts"). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "init/block.h"
#include "plan/build.h"
#include "plan/mountoptions.h"

/*
 * What mounts[INDEX] of KIND wants with its uidMappings and gidMappings, or with
 * the options idmap and ridmap alone: its index in plan->mount_maps, which may
 * become longer; NO_SLOT when it wants nothing of the kind.
 */
int mountmaps_find(struct build *b, size_t index, enum mount_kind kind,
		   const struct mount_options *options, int32_t *ret_map);

/* Tell init how many there are, if it is init that applies them. */
void mountmaps_put(struct build *b);
