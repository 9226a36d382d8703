/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountfd - mounts as descriptors: made detached, finished, then attached (mount API of 5.2). */
#include "kernel/mountfd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/syscalls.h"

#define KEY_MAX 256
#define ST_RELATIME_FLAG 4096 /* ST_RELATIME of statvfs(3); mount(2) has another number */

/* Superblock flags have names of their own in the new API. */
static const struct {
	uint32_t flag;
	const char *set;
	const char *clear;
} superblock_keys[] = {
	/* clang-format off */
	{ MS_RDONLY,      "ro",       "rw"         },
	{ MS_SYNCHRONOUS, "sync",     "async"      },
	{ MS_DIRSYNC,     "dirsync",  "nodirsync"  },
	{ MS_LAZYTIME,    "lazytime", "nolazytime" },
	{ MS_MANDLOCK,    "mand",     "nomand"     },
	/* clang-format on */
};

/* The first line that the file system logged about its own set-up, if there is one. */
static void read_log(int fs, char *out, size_t size)
{
	ssize_t n = read(fs, out, size - 1);

	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

static int refuse(int fs, int code, const char *what)
{
	char log[256];

	read_log(fs, log, sizeof(log));
	if (log[0] && log[1] == ' ') /* "e overlay: ...": the letter is the level */
		return err_sys(code, "%s (%s)", what, log + 2);
	return err_sys(code, "%s", what);
}

static int configure_option(int fs, const char *option)
{
	const char *equals = strchr(option, '=');
	char key[KEY_MAX];
	int result;

	if (!equals) {
		result = sys_fsconfig(fs, FSCONFIG_SET_FLAG, option, NULL, 0);
		return result < 0 ? refuse(fs, errno, option) : 0;
	}
	if ((size_t)(equals - option) >= sizeof(key))
		return err_sys(EINVAL, "%s", option);
	memcpy(key, option, (size_t)(equals - option));
	key[equals - option] = '\0';
	result = sys_fsconfig(fs, FSCONFIG_SET_STRING, key, equals + 1, 0);
	return result < 0 ? refuse(fs, errno, option) : 0;
}

static int set_flag(int fs, const char *key)
{
	if (sys_fsconfig(fs, FSCONFIG_SET_FLAG, key, NULL, 0) < 0)
		return refuse(fs, errno, key);
	return 0;
}

static int configure_superblock(int fs, const struct mountfd_fs *wanted)
{
	for (size_t i = 0; i < ARRAY_SIZE(superblock_keys); i++) {
		uint32_t flag = superblock_keys[i].flag;

		if (wanted->superblock & flag && set_flag(fs, superblock_keys[i].set))
			return err_code();
		if (wanted->superblock_clear & flag && set_flag(fs, superblock_keys[i].clear))
			return err_code();
	}
	return 0;
}

static int configure(int fs, const struct mountfd_fs *wanted, unsigned command)
{
	if (wanted->source &&
	    sys_fsconfig(fs, FSCONFIG_SET_STRING, "source", wanted->source, 0) < 0)
		return refuse(fs, errno, wanted->source);
	for (size_t i = 0; i < wanted->data_count; i++)
		if (configure_option(fs, wanted->data[i]))
			return err_code();
	if (configure_superblock(fs, wanted))
		return err_code();
	if (sys_fsconfig(fs, command, NULL, NULL, 0) < 0)
		return refuse(fs, errno, "mount");
	return 0;
}

static const struct {
	uint64_t attribute;
	unsigned long flag;
} attribute_flags[] = {
	/* clang-format off */
	{ MOUNT_ATTR_RDONLY,      MS_RDONLY      },
	{ MOUNT_ATTR_NOSUID,      MS_NOSUID      },
	{ MOUNT_ATTR_NODEV,       MS_NODEV       },
	{ MOUNT_ATTR_NOEXEC,      MS_NOEXEC      },
	{ MOUNT_ATTR_NODIRATIME,  MS_NODIRATIME  },
	{ MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW },
	/* clang-format on */
};

unsigned long mountfd_flags(uint64_t attributes)
{
	uint64_t atime = attributes & MOUNT_ATTR__ATIME;
	unsigned long flags = 0;

	for (size_t i = 0; i < ARRAY_SIZE(attribute_flags); i++)
		if (attributes & attribute_flags[i].attribute)
			flags |= attribute_flags[i].flag;
	if (atime == MOUNT_ATTR_NOATIME)
		return flags | MS_NOATIME;
	if (atime == MOUNT_ATTR_STRICTATIME)
		return flags | MS_STRICTATIME;
	return flags | MS_RELATIME;
}

int mountfd_new(const struct mountfd_fs *wanted)
{
	_cleanup_close_ int fs = sys_fsopen(wanted->type, FSOPEN_CLOEXEC);
	int mount;

	if (fs < 0)
		return err_sys(errno, "file system type '%s'", wanted->type);
	if (configure(fs, wanted, FSCONFIG_CMD_CREATE))
		return err_while("%s", wanted->type);
	mount = sys_fsmount(fs, FSMOUNT_CLOEXEC, (unsigned)wanted->attributes);
	if (mount < 0)
		return refuse(fs, errno, wanted->type);
	return mount;
}

int mountfd_reconfigure(int target, const struct mountfd_fs *wanted)
{
	_cleanup_close_ int fs = sys_fspick(target, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);

	if (fs < 0)
		return err_sys(errno, "fspick");
	return configure(fs, wanted, FSCONFIG_CMD_RECONFIGURE);
}

int mountfd_clone(int dir, const char *path, bool is_recursive)
{
	unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH |
			 (is_recursive ? AT_RECURSIVE : 0u);
	int mount = sys_open_tree(dir, path, flags);

	if (mount < 0)
		return err_sys(errno, "open %s", *path ? path : "mount source");
	return mount;
}

/* statfs(2) shows the flags of a mount in the numbers of mount(2), but for these. */
static unsigned long current_flags(int mount)
{
	struct statfs status;
	unsigned long flags;

	if (fstatfs(mount, &status) < 0)
		return 0;
	flags = (unsigned long)status.f_flags &
		(MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME);
	return (unsigned long)status.f_flags & ST_RELATIME_FLAG ? flags | MS_RELATIME : flags;
}

/* What mount(2) can: one mount that is attached, all of its flags at once. */
static int change_by_name(int mount, uint64_t set, uint64_t clear, bool is_recursive)
{
	unsigned long flags = current_flags(mount);
	char name[32];

	if (is_recursive)
		return err_refuse("recursive mount options need mount_setattr(2), Linux 5.12");
	if (set & MOUNT_ATTR__ATIME || clear & MOUNT_ATTR__ATIME)
		flags &= ~(unsigned long)(MS_NOATIME | MS_RELATIME | MS_STRICTATIME);
	flags = (flags & ~mountfd_flags(clear)) | mountfd_flags(set);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", mount);
	if (sys_mount(NULL, name, NULL, MS_REMOUNT | MS_BIND | flags, NULL) < 0)
		return err_sys(errno, "set mount attributes");
	return 0;
}

int mountfd_change(int mount, uint64_t set, uint64_t clear, bool is_recursive)
{
	struct mount_attr attributes = { .attr_set = set, .attr_clr = clear };
	unsigned flags = AT_EMPTY_PATH | (is_recursive ? AT_RECURSIVE : 0u);

	if (!set && !clear)
		return 0;
	if (mountfd_is_missing())
		return change_by_name(mount, set, clear, is_recursive);
	/* The access time words are one field of three values: to set one is to clear the field. */
	if (set & MOUNT_ATTR__ATIME || clear & MOUNT_ATTR__ATIME)
		attributes.attr_clr |= MOUNT_ATTR__ATIME;
	if (sys_mount_setattr(mount, "", flags, &attributes) == 0)
		return 0;
	/* mount_namespaces(7), "locked" */
	if (errno == EPERM && clear)
		return err_sys(EPERM, "set mount attributes: the options take away what the "
				      "mount has from a user namespace above, which is locked");
	return err_sys(errno, "set mount attributes");
}

/* The kernel has one word for many reasons. */
static const char *why_not_mapped(int code)
{
	switch (code) {
	case ENOSYS:
		return "id-mapped mounts need mount_setattr(2), Linux 5.12";
	case EINVAL:
		return "the file system (or one mounted below) does not support id-mapped "
		       "mounts";
	case EPERM:
		return "map ids: the file system is another user namespace's, or is "
		       "id-mapped already";
	default:
		return "map ids";
	}
}

int mountfd_idmap(int mount, int userns, bool is_recursive)
{
	unsigned flags = AT_EMPTY_PATH | (is_recursive ? AT_RECURSIVE : 0u);
	struct mount_attr attributes = {
		.attr_set = MOUNT_ATTR_IDMAP,
		.userns_fd = (unsigned)userns,
	};

	if (sys_mount_setattr(mount, "", flags, &attributes) < 0)
		return err_sys(errno, "%s", why_not_mapped(errno));
	return 0;
}

int mountfd_propagation(int mount, uint32_t propagation)
{
	struct mount_attr attributes = { .propagation = propagation & ~(uint32_t)MS_REC };
	unsigned flags = AT_EMPTY_PATH | (propagation & MS_REC ? AT_RECURSIVE : 0u);
	char name[32];
	int result;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", mount);
	if (mountfd_is_missing())
		result = sys_mount(NULL, name, NULL, propagation, NULL);
	else
		result = sys_mount_setattr(mount, "", flags, &attributes);
	return result < 0 ? err_sys(errno, "set mount propagation") : 0;
}

/* Managers explain "not a directory", as mount(2) has it where move_mount(2) has EINVAL. */
static int explain_attach(int code, int mount, int target)
{
	struct stat source, place;

	if (code != EINVAL || fstat(mount, &source) < 0 || fstat(target, &place) < 0 ||
	    S_ISDIR(source.st_mode) == S_ISDIR(place.st_mode))
		return code;
	return ENOTDIR;
}

int mountfd_attach(int mount, int target)
{
	if (sys_move_mount(mount, "", target, "",
			   MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return err_sys(explain_attach(errno, mount, target), "attach mount");
	return 0;
}

bool mountfd_is_missing(void)
{
	static enum { UNKNOWN, THERE, MISSING } answer;

	/* No file system has this name; without the system call the reason is another one. */
	if (answer == UNKNOWN)
		answer = sys_fsopen("", 0) < 0 && errno == ENOSYS ? MISSING : THERE;
	return answer == MISSING;
}
