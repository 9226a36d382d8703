/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dumpwords - what plan_dump() calls the kernel's bits. */
#include <linux/mount.h>
#include <linux/sched.h>

#include "plan/dump.h"

#define BIT(name, bit)         \
	{                      \
		name, bit, bit \
	}

/* clang-format off */
const struct dump_bit dump_namespaces[] = {
	BIT("user",    CLONE_NEWUSER),
	BIT("mount",   CLONE_NEWNS),
	BIT("pid",     CLONE_NEWPID),
	BIT("network", CLONE_NEWNET),
	BIT("ipc",     CLONE_NEWIPC),
	BIT("uts",     CLONE_NEWUTS),
	BIT("cgroup",  CLONE_NEWCGROUP),
	BIT("time",    CLONE_NEWTIME),
	{ 0 },
};

const struct dump_bit dump_attributes[] = {
	BIT("ro",          MOUNT_ATTR_RDONLY),
	BIT("nosuid",      MOUNT_ATTR_NOSUID),
	BIT("nodev",       MOUNT_ATTR_NODEV),
	BIT("noexec",      MOUNT_ATTR_NOEXEC),
	/* the whole field, when it is cleared */
	{ "atime",         MOUNT_ATTR__ATIME, MOUNT_ATTR__ATIME },
	{ "noatime",       MOUNT_ATTR__ATIME, MOUNT_ATTR_NOATIME },
	{ "strictatime",   MOUNT_ATTR__ATIME, MOUNT_ATTR_STRICTATIME },
	BIT("nodiratime",  MOUNT_ATTR_NODIRATIME),
	BIT("nosymfollow", MOUNT_ATTR_NOSYMFOLLOW),
	{ 0 },
};

const struct dump_bit dump_mount_flags[] = {
	BIT("ro",         MS_RDONLY),
	BIT("sync",       MS_SYNCHRONOUS),
	BIT("dirsync",    MS_DIRSYNC),
	BIT("mand",       MS_MANDLOCK),
	BIT("silent",     MS_SILENT),
	BIT("iversion",   MS_I_VERSION),
	BIT("lazytime",   MS_LAZYTIME),
	BIT("unbindable", MS_UNBINDABLE),
	BIT("private",    MS_PRIVATE),
	BIT("slave",      MS_SLAVE),
	BIT("shared",     MS_SHARED),
	BIT("rec",        MS_REC),
	{ 0 },
};

const struct dump_bit dump_access[] = {
	BIT("r", DEVICE_READ),
	BIT("w", DEVICE_WRITE),
	BIT("m", DEVICE_MKNOD),
	{ 0 },
};
/* clang-format on */
