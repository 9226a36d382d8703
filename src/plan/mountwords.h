/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountwords - every mount option that is not the file system's own business. */
#pragma once

#include <stdint.h>

enum mount_word_kind {
	WORD_ATTRIBUTE,   /* MOUNT_ATTR_*, of the mount */
	WORD_RECURSIVE,   /* MOUNT_ATTR_*, of the mount and all below it */
	WORD_SUPERBLOCK,  /* MS_*, of the file system */
	WORD_PROPAGATION, /* MS_SHARED..., perhaps with MS_REC */
	WORD_BIND,        /* MS_BIND, perhaps with MS_REC */
	WORD_REMOUNT,
	WORD_COPY_UP,
	WORD_IDMAP, /* perhaps with MS_REC */
};

struct mount_word {
	const char *name;
	enum mount_word_kind kind;
	uint64_t set;
	uint64_t clear;
};

/* config.md, "Linux mount options"; ended by a row without name. */
extern const struct mount_word mount_words[];

/* The row called NAME, or NULL. */
const struct mount_word *mount_word_find(const char *name);
