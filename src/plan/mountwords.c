/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountwords - every mount option that is not the file system's own business. */
#include "plan/mountwords.h"

#include <linux/mount.h>
#include <stddef.h>
#include <string.h>

/*
 * How access times are kept is one field of three values; a word that only
 * takes one of them back leaves the kernel's default, relatime.
 */
#define ATIME MOUNT_ATTR__ATIME

/* clang-format off */
const struct mount_word mount_words[] = {
	/* name             kind              set                      clear */
	{ "defaults",       WORD_ATTRIBUTE,   0,                       0 },
	{ "ro",             WORD_ATTRIBUTE,   MOUNT_ATTR_RDONLY,       0 },
	{ "rw",             WORD_ATTRIBUTE,   0,                       MOUNT_ATTR_RDONLY },
	{ "nosuid",         WORD_ATTRIBUTE,   MOUNT_ATTR_NOSUID,       0 },
	{ "suid",           WORD_ATTRIBUTE,   0,                       MOUNT_ATTR_NOSUID },
	{ "nodev",          WORD_ATTRIBUTE,   MOUNT_ATTR_NODEV,        0 },
	{ "dev",            WORD_ATTRIBUTE,   0,                       MOUNT_ATTR_NODEV },
	{ "noexec",         WORD_ATTRIBUTE,   MOUNT_ATTR_NOEXEC,       0 },
	{ "exec",           WORD_ATTRIBUTE,   0,                       MOUNT_ATTR_NOEXEC },
	{ "nodiratime",     WORD_ATTRIBUTE,   MOUNT_ATTR_NODIRATIME,   0 },
	{ "diratime",       WORD_ATTRIBUTE,   0,                       MOUNT_ATTR_NODIRATIME },
	{ "nosymfollow",    WORD_ATTRIBUTE,   MOUNT_ATTR_NOSYMFOLLOW,  0 },
	{ "symfollow",      WORD_ATTRIBUTE,   0,                       MOUNT_ATTR_NOSYMFOLLOW },
	{ "noatime",        WORD_ATTRIBUTE,   MOUNT_ATTR_NOATIME,      ATIME },
	{ "atime",          WORD_ATTRIBUTE,   0,                       ATIME },
	{ "relatime",       WORD_ATTRIBUTE,   MOUNT_ATTR_RELATIME,     ATIME },
	{ "norelatime",     WORD_ATTRIBUTE,   0,                       ATIME },
	{ "strictatime",    WORD_ATTRIBUTE,   MOUNT_ATTR_STRICTATIME,  ATIME },
	{ "nostrictatime",  WORD_ATTRIBUTE,   0,                       ATIME },

	{ "rro",            WORD_RECURSIVE,   MOUNT_ATTR_RDONLY,       0 },
	{ "rrw",            WORD_RECURSIVE,   0,                       MOUNT_ATTR_RDONLY },
	{ "rnosuid",        WORD_RECURSIVE,   MOUNT_ATTR_NOSUID,       0 },
	{ "rsuid",          WORD_RECURSIVE,   0,                       MOUNT_ATTR_NOSUID },
	{ "rnodev",         WORD_RECURSIVE,   MOUNT_ATTR_NODEV,        0 },
	{ "rdev",           WORD_RECURSIVE,   0,                       MOUNT_ATTR_NODEV },
	{ "rnoexec",        WORD_RECURSIVE,   MOUNT_ATTR_NOEXEC,       0 },
	{ "rexec",          WORD_RECURSIVE,   0,                       MOUNT_ATTR_NOEXEC },
	{ "rnodiratime",    WORD_RECURSIVE,   MOUNT_ATTR_NODIRATIME,   0 },
	{ "rdiratime",      WORD_RECURSIVE,   0,                       MOUNT_ATTR_NODIRATIME },
	{ "rnosymfollow",   WORD_RECURSIVE,   MOUNT_ATTR_NOSYMFOLLOW,  0 },
	{ "rsymfollow",     WORD_RECURSIVE,   0,                       MOUNT_ATTR_NOSYMFOLLOW },
	{ "rnoatime",       WORD_RECURSIVE,   MOUNT_ATTR_NOATIME,      ATIME },
	{ "ratime",         WORD_RECURSIVE,   0,                       ATIME },
	{ "rrelatime",      WORD_RECURSIVE,   MOUNT_ATTR_RELATIME,     ATIME },
	{ "rnorelatime",    WORD_RECURSIVE,   0,                       ATIME },
	{ "rstrictatime",   WORD_RECURSIVE,   MOUNT_ATTR_STRICTATIME,  ATIME },
	{ "rnostrictatime", WORD_RECURSIVE,   0,                       ATIME },

	{ "sync",           WORD_SUPERBLOCK,  MS_SYNCHRONOUS,          0 },
	{ "async",          WORD_SUPERBLOCK,  0,                       MS_SYNCHRONOUS },
	{ "dirsync",        WORD_SUPERBLOCK,  MS_DIRSYNC,              0 },
	{ "mand",           WORD_SUPERBLOCK,  MS_MANDLOCK,             0 },
	{ "nomand",         WORD_SUPERBLOCK,  0,                       MS_MANDLOCK },
	{ "iversion",       WORD_SUPERBLOCK,  MS_I_VERSION,            0 },
	{ "noiversion",     WORD_SUPERBLOCK,  0,                       MS_I_VERSION },
	{ "lazytime",       WORD_SUPERBLOCK,  MS_LAZYTIME,             0 },
	{ "nolazytime",     WORD_SUPERBLOCK,  0,                       MS_LAZYTIME },
	{ "silent",         WORD_SUPERBLOCK,  MS_SILENT,               0 },
	{ "loud",           WORD_SUPERBLOCK,  0,                       MS_SILENT },

	{ "private",        WORD_PROPAGATION, MS_PRIVATE,              0 },
	{ "rprivate",       WORD_PROPAGATION, MS_PRIVATE | MS_REC,     0 },
	{ "shared",         WORD_PROPAGATION, MS_SHARED,               0 },
	{ "rshared",        WORD_PROPAGATION, MS_SHARED | MS_REC,      0 },
	{ "slave",          WORD_PROPAGATION, MS_SLAVE,                0 },
	{ "rslave",         WORD_PROPAGATION, MS_SLAVE | MS_REC,       0 },
	{ "unbindable",     WORD_PROPAGATION, MS_UNBINDABLE,           0 },
	{ "runbindable",    WORD_PROPAGATION, MS_UNBINDABLE | MS_REC,  0 },

	{ "bind",           WORD_BIND,        MS_BIND,                 0 },
	{ "rbind",          WORD_BIND,        MS_BIND | MS_REC,        0 },
	{ "remount",        WORD_REMOUNT,     MS_REMOUNT,              0 },
	{ "tmpcopyup",      WORD_COPY_UP,     0,                       0 },
	{ "idmap",          WORD_IDMAP,       0,                       0 },
	{ "ridmap",         WORD_IDMAP,       MS_REC,                  0 },
	{ 0 },
};
/* clang-format on */

const struct mount_word *mount_word_find(const char *name)
{
	for (const struct mount_word *word = mount_words; word->name; word++)
		if (word->name[0] == name[0] && strcmp(word->name, name) == 0)
			return word;
	return NULL;
}
