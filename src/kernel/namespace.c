/* SPDX-License-Identifier: GPL-2.0-or-later */
/* namespace - open and join namespaces. */
#include "kernel/namespace.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <linux/nsfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/syscalls.h"

static const struct {
	unsigned flag;
	const char *name;
	const char *file; /* of /proc/PID/ns */
	ino_t first;      /* inode of the machine's own one (linux/nsfs.h) */
} names[] = {
	/* clang-format off */
	{ CLONE_NEWUSER,   "user",    "user",   0xeffffffd },
	{ CLONE_NEWCGROUP, "cgroup",  "cgroup", 0xeffffffb },
	{ CLONE_NEWIPC,    "ipc",     "ipc",    0xefffffff },
	{ CLONE_NEWUTS,    "uts",     "uts",    0xeffffffe },
	{ CLONE_NEWNET,    "network", "net",    0xeffffff9 }, /* Linux 6.18; before that any */
	{ CLONE_NEWTIME,   "time",    "time",   0xeffffffa },
	{ CLONE_NEWPID,    "pid",     "pid",    0xeffffffc },
	{ CLONE_NEWNS,     "mount",   "mnt",    0xeffffff8 }, /* likewise */
	/* clang-format on */
};

const char *namespace_name(unsigned flag)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].flag == flag)
			return names[i].name;
	return "unknown";
}

int namespace_open(const char *path, unsigned flag)
{
	_cleanup_close_ int fd = fd_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct statfs status;
	int type;

	if (fd < 0)
		return fd;
	if (fstatfs(fd, &status) < 0)
		return err_sys(errno, "fstatfs %s", path);
	if (status.f_type != NSFS_FILE_MAGIC && status.f_type != PROC_FILE_MAGIC)
		return err_refuse("%s is not a namespace", path);
	type = ioctl(fd, NS_GET_NSTYPE);
	if (type < 0)
		return err_refuse("%s is not a namespace", path);
	if ((unsigned)type != flag)
		return err_refuse("%s is a %s namespace, not a %s namespace", path,
				  namespace_name((unsigned)type), namespace_name(flag));
	return fd_take(&fd);
}

int namespace_is_hosts(int fd, unsigned flag)
{
	struct stat theirs, ours;
	char path[64] = "";
	ino_t first = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].flag != flag)
			continue;
		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i].file);
		first = names[i].first;
	}
	if (fstat(fd, &theirs) < 0 || stat(path, &ours) < 0)
		return err_sys(errno, "stat %s", path);
	return theirs.st_ino == first ||
	       (theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino);
}

/* Join those of TYPES (user namespace or all others) that are not joined yet. */
static int join_some(struct namespace_join *joins, size_t count, unsigned flag, bool may_fail)
{
	for (size_t i = 0; i < count; i++) {
		if (joins[i].is_done || joins[i].flag != flag)
			continue;
		if (setns(joins[i].fd, (int)flag) == 0)
			joins[i].is_done = true;
		else if (!may_fail)
			return err_sys(errno, "%s: join %s namespace", joins[i].origin,
				       namespace_name(flag));
	}
	return 0;
}

static int join_others(struct namespace_join *joins, size_t count, bool may_fail)
{
	for (size_t i = 1; i < ARRAY_SIZE(names); i++)
		if (join_some(joins, count, names[i].flag, may_fail))
			return err_code();
	return 0;
}

static bool has_user(const struct namespace_join *joins, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (joins[i].flag == CLONE_NEWUSER)
			return true;
	return false;
}

int namespace_join_all(struct namespace_join *joins, size_t count)
{
	if (has_user(joins, count) &&
	    (join_others(joins, count, true) || join_some(joins, count, CLONE_NEWUSER, false)))
		return err_code();
	return join_others(joins, count, false);
}
