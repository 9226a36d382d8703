/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountfd - mounts as descriptors: made detached, finished, then attached (mount API of 5.2). */
#include "kernel/mountfd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/syscalls.h"

#define KEY_MAX 256

/* Superblock flags have names of their own in the new API. */
static const struct {
	uint32_t flag;
	const char *key;
} superblock_keys[] = {
	/* clang-format off */
	{ MS_SYNCHRONOUS, "sync"     },
	{ MS_DIRSYNC,     "dirsync"  },
	{ MS_LAZYTIME,    "lazytime" },
	{ MS_MANDLOCK,    "mand"     },
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

static int configure_superblock(int fs, uint32_t flags)
{
	for (size_t i = 0; i < ARRAY_SIZE(superblock_keys); i++) {
		const char *key = superblock_keys[i].key;

		if (!(flags & superblock_keys[i].flag))
			continue;
		if (sys_fsconfig(fs, FSCONFIG_SET_FLAG, key, NULL, 0) < 0)
			return refuse(fs, errno, key);
	}
	return 0;
}

static int configure(int fs, const struct mountfd_fs *wanted)
{
	if (wanted->source &&
	    sys_fsconfig(fs, FSCONFIG_SET_STRING, "source", wanted->source, 0) < 0)
		return refuse(fs, errno, wanted->source);
	for (size_t i = 0; i < wanted->data_count; i++)
		if (configure_option(fs, wanted->data[i]))
			return -err_last()->code;
	if (configure_superblock(fs, wanted->superblock))
		return -err_last()->code;
	if (sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return refuse(fs, errno, "mount");
	return 0;
}

int mountfd_new(const struct mountfd_fs *wanted)
{
	_cleanup_close_ int fs = sys_fsopen(wanted->type, FSOPEN_CLOEXEC);
	int mount;

	if (fs < 0)
		return err_sys(errno, "file system type '%s'", wanted->type);
	if (configure(fs, wanted))
		return err_while("%s", wanted->type);
	mount = sys_fsmount(fs, FSMOUNT_CLOEXEC, (unsigned)wanted->attributes);
	if (mount < 0)
		return refuse(fs, errno, wanted->type);
	return mount;
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

int mountfd_change(int mount, uint64_t set, uint64_t clear, bool is_recursive)
{
	struct mount_attr attributes = { .attr_set = set, .attr_clr = clear };
	unsigned flags = AT_EMPTY_PATH | (is_recursive ? AT_RECURSIVE : 0u);

	/* The access time words are one field of three values: to set one is to clear the field. */
	if (set & MOUNT_ATTR__ATIME || clear & MOUNT_ATTR__ATIME)
		attributes.attr_clr |= MOUNT_ATTR__ATIME;
	if (!attributes.attr_set && !attributes.attr_clr)
		return 0;
	if (sys_mount_setattr(mount, "", flags, &attributes) < 0)
		return err_sys(errno, "set mount attributes");
	return 0;
}

int mountfd_propagation(int mount, uint32_t propagation)
{
	struct mount_attr attributes = { .propagation = propagation & ~(uint32_t)MS_REC };
	unsigned flags = AT_EMPTY_PATH | (propagation & MS_REC ? AT_RECURSIVE : 0u);

	if (sys_mount_setattr(mount, "", flags, &attributes) < 0)
		return err_sys(errno, "set mount propagation");
	return 0;
}

int mountfd_attach(int mount, int target)
{
	if (sys_move_mount(mount, "", target, "",
			   MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return err_sys(errno, "attach mount");
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
