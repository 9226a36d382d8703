/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices - device nodes and links of the container's own /dev. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/bind.h"
#include "init/init.h"
#include "kernel/mountfd.h"
#include "kernel/syscalls.h"
#include "kernel/target.h"

#define NULL_MAJOR 1
#define NULL_MINOR 3

/* The directory that was opened last: most entries are in the same one. */
struct parent {
	int fd;
	char path[PATH_MAX];
};

static void parent_close(struct parent *parent)
{
	fd_close(parent->fd);
}
#define _cleanup_parent_ _cleanup_(parent_close)

/*
 * The directory of PATH, made when it is missing; *RET_NAME is what comes behind it.  Returns a
 * descriptor that stays PARENT's.
 */
static int open_parent(const struct init *init, const char *path, struct parent *parent,
		       const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	size_t size = slash ? (size_t)(slash - path) : PATH_MAX;

	if (size >= sizeof(parent->path))
		return err_sys(ENAMETOOLONG, "%s", path);
	*ret_name = slash + 1;
	if (parent->fd >= 0 && strncmp(parent->path, path, size) == 0 && !parent->path[size])
		return parent->fd;
	fd_close(fd_take(&parent->fd));
	memcpy(parent->path, path, size);
	parent->path[size] = '\0';
	parent->fd = target_open(init->root, size ? parent->path : "/", TARGET_DIRECTORY, NULL);
	return parent->fd;
}

/* What the image or an earlier mount has there must be that very device. */
static int check_existing(const struct init_plan *plan, int dir, const char *name,
			  const struct block_device *device)
{
	struct stat status;

	if (fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(errno, "stat %s", name);
	if ((status.st_mode & S_IFMT) != (device->mode & S_IFMT) ||
	    (!S_ISFIFO(status.st_mode) &&
	     status.st_rdev != makedev(device->major, device->minor)))
		return err_sys(EEXIST, "%s is something else",
			       block_string(plan, device->path));
	return 0;
}

/* In a user namespace there is the host's device of that path or none, and it may be another. */
static int check_host(const struct block_device *device, const char *path)
{
	struct stat st;

	if (fstatat(AT_FDCWD, path, &st, 0) < 0)
		return err_sys(errno, "no device can be made here, and the host's %s", path);
	if ((st.st_mode & S_IFMT) != (device->mode & S_IFMT) ||
	    st.st_rdev != makedev(device->major, device->minor))
		return err_sys(EPERM,
			       "no device can be made here, and the host's %s is another",
			       path);
	return 0;
}

/*
 * The filter of a cgroup above ours holds for us, too: what it keeps us from making, it may keep
 * all of the container from opening.  Who opens /dev/null does nothing else by that.
 */
static int check_filter(const struct block_device *device, const char *path)
{
	int fd;

	if (device->major != NULL_MAJOR || device->minor != NULL_MINOR)
		return 0;
	fd = openat(AT_FDCWD, path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 && errno == EPERM)
		return err_sys(EPERM, "a cgroup above the container's forbids %s", path);
	fd_close(fd);
	return 0;
}

static int bind_device(const struct init *init, const struct block_device *device,
		       const char *path)
{
	struct bind bind = { .dir = AT_FDCWD, .source = path, .path = path };
	_cleanup_close_ int target = NO_FD;

	if (check_host(device, path) || check_filter(device, path))
		return err_code();
	bind.target = target = target_open(init->root, path, TARGET_FILE, NULL);
	return target < 0 ? target : bind_over(init, &bind);
}

static int make_device(const struct init *init, const struct block_device *device,
		       struct parent *parent)
{
	const char *path = block_string(init->plan, device->path);
	const char *name;
	int dir = open_parent(init, path, parent, &name);

	if (dir < 0)
		return dir;
	if (init->plan->binds_devices && !S_ISFIFO(device->mode))
		return bind_device(init, device, path);
	if (mknodat(dir, name, device->mode, makedev(device->major, device->minor)) < 0) {
		if (errno == EPERM)
			return bind_device(init, device, path);
		if (errno != EEXIST)
			return err_sys(errno, "mknod %s", path);
		return check_existing(init->plan, dir, name, device);
	}
	/* umask is 0 here, so the mode is what was asked for. */
	if (fchownat(dir, name, device->uid, device->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(errno, "chown %s", path);
	return 0;
}

static int make_link(const struct init *init, const struct block_link *link,
		     struct parent *parent)
{
	const char *path = block_string(init->plan, link->path);
	const char *target = block_string(init->plan, link->target);
	char existing[PATH_MAX];
	const char *name;
	int dir = open_parent(init, path, parent, &name);
	ssize_t size;

	if (dir < 0)
		return dir;
	if (symlinkat(target, dir, name) == 0)
		return 0;
	if (errno != EEXIST)
		return err_sys(errno, "symlink %s", path);
	size = readlinkat(dir, name, existing, sizeof(existing) - 1);
	if (size == (ssize_t)strlen(target) && memcmp(existing, target, (size_t)size) == 0)
		return 0;
	/* An image's own /dev/ptmx and the like make way: a container uses its own devpts. */
	if (unlinkat(dir, name, 0) < 0 || symlinkat(target, dir, name) < 0)
		return err_sys(errno, "replace %s", path);
	return 0;
}

/* The /dev mount was to be read-only; it had to wait until the nodes were there. */
int devices_make_readonly(const struct init *init)
{
	_cleanup_close_ int dev = fd_open_in(init->root, "/dev", O_PATH | O_DIRECTORY);

	if (dev < 0)
		return dev;
	return mountfd_change(dev, MOUNT_ATTR_RDONLY, 0, false);
}

int act_devices(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const struct block_device *devices = LIST_OF(plan, plan->devices, struct block_device);
	const struct block_link *links = LIST_OF(plan, plan->links, struct block_link);
	_cleanup_parent_ struct parent parent = { .fd = NO_FD };

	for (uint32_t i = 0; i < plan->devices.count; i++)
		if (make_device(init, &devices[i], &parent))
			return err_while("%s", block_string(plan, devices[i].origin));
	for (uint32_t i = 0; i < plan->links.count; i++)
		if (make_link(init, &links[i], &parent))
			return err_code();
	/* With a terminal the console is still to come. */
	return plan->is_dev_readonly && !plan->wants_terminal ? devices_make_readonly(init) : 0;
}
