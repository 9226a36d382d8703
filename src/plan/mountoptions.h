/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountoptions - what the options of one mount add up to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/build.h"

struct mount_options {
	uint64_t set, clear;                     /* MOUNT_ATTR_* */
	uint64_t recursive_set, recursive_clear; /* the r* words */
	uint32_t superblock_set, superblock_clear;
	const char **data; /* what is for the file system, in order */
	size_t data_count;
	size_t *data_at;       /* where each of them is among the options, for errors */
	uint32_t *propagation; /* MS_*, in order */
	size_t propagation_count;
	bool is_bind;
	bool is_recursive; /* rbind */
	bool is_remount;
	bool is_copied_up;
	bool is_idmapped; /* by idmap or ridmap, whatever the mappings */
	bool is_idmap_recursive;
	size_t idmap_index; /* of that word among the options, for errors */
};

/* Of two words that contradict each other the last one counts. */
void mount_options_read(struct build *b, size_t index, struct mount_options *ret_options);

/* True when data has KEY ("mode": "mode=755"). */
bool mount_options_have(const struct mount_options *options, const char *key);
