/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rootfs - make the root file system a mount, and then the root. */
#include <errno.h>
#include <linux/stat.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/mountfd.h"
#include "kernel/syscalls.h"

int act_propagation(struct init *init)
{
	if (sys_mount(NULL, "/", NULL, init->plan->propagation, NULL) < 0)
		return err_sys(errno, "change propagation of /");
	return 0;
}

/*
 * The container keeps the runtime's mount namespace, but what is mounted for it
 * must not be seen there, nor stay.  So it is put together in a namespace that
 * lasts until act_pivot(), whatever happens.
 */
int act_mounts_aside(struct init *init)
{
	if (mountfd_is_missing())
		return err_refuse("linux.namespaces: without a mount namespace open_tree(2) is "
				  "needed, Linux 5.2");
	init->outside = fd_open(init->proc, "self/ns/mnt", O_RDONLY, 0);
	if (init->outside < 0)
		return init->outside;
	if (unshare(CLONE_NEWNS) < 0)
		return err_sys(errno, "unshare mount namespace");
	return act_propagation(init);
}

/* The root of the mount that FD is on; FD is consumed. */
static int mount_root(int fd)
{
	_cleanup_close_ int current = fd;

	for (;;) {
		struct statx status;
		int parent;

		if (syscall(SYS_statx, current, "", AT_EMPTY_PATH, 0, &status) < 0)
			return err_sys(errno, "statx");
		if (status.stx_attributes & STATX_ATTR_MOUNT_ROOT)
			return fd_take(&current);
		parent = fd_open(current, "..", O_PATH | O_DIRECTORY, 0);
		if (parent < 0)
			return parent;
		fd_close(current);
		current = parent;
	}
}

/* pivot_root(2) refuses a new root whose parent mount is shared. */
static int make_parent_private(int rootfs)
{
	int dir = fd_open(rootfs, ".", O_PATH | O_DIRECTORY, 0);
	_cleanup_close_ int parent = dir < 0 ? dir : mount_root(dir);

	if (parent < 0)
		return parent;
	return mountfd_propagation(parent, MS_PRIVATE);
}

/* Without the new API: bind the directory on itself and open what is on top then. */
static int bind_rootfs(const char *path)
{
	if (sys_mount(path, path, NULL, MS_BIND | MS_REC, NULL) < 0)
		return err_sys(errno, "bind %s", path);
	return fd_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
}

int act_rootfs(struct init *init)
{
	const char *path = block_string(init->plan, init->plan->rootfs);
	_cleanup_close_ int rootfs = fd_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
	_cleanup_close_ int mount = NO_FD;

	if (rootfs < 0)
		return rootfs;
	if (init->plan->propagation & MS_SHARED && make_parent_private(rootfs))
		return err_while("rootfs %s", path);
	if (mountfd_is_missing()) {
		init->root = bind_rootfs(path);
		return init->root < 0 ? init->root : 0;
	}
	mount = mountfd_clone(rootfs, "", true);
	if (mount < 0 || mountfd_attach(mount, rootfs))
		return err_while("bind rootfs %s", path);
	init->root = fd_take(&mount);
	return 0;
}

/* The old root ends up over the new one; pivot_root(2), "pivot_root(".", ".")". */
static int pivot(const struct init *init)
{
	_cleanup_close_ int old = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);

	if (old < 0)
		return old;
	if (fchdir(init->root) < 0)
		return err_sys(errno, "enter rootfs");
	if (sys_pivot_root(".", ".") < 0)
		return err_sys(errno, "pivot_root");
	if (fchdir(old) < 0)
		return err_sys(errno, "enter the old root");
	/* What we unmount must stay mounted on the host. */
	if (sys_mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return err_sys(errno, "separate the old root");
	if (sys_umount(".", UMOUNT_DETACH) < 0)
		return err_sys(errno, "unmount the old root");
	return 0;
}

/* For a root that cannot be pivoted away (an initramfs): move over it. */
static int move_root(const struct init *init)
{
	if (fchdir(init->root) < 0)
		return err_sys(errno, "enter rootfs");
	if (sys_mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return err_sys(errno, "move rootfs to /");
	if (chroot(".") < 0)
		return err_sys(errno, "chroot");
	return 0;
}

/*
 * Back to the runtime's mount namespace, with a copy of the tree that is
 * attached nowhere: it is there for those whose root it is, and goes with the
 * last of them.
 */
static int return_with_root(struct init *init)
{
	_cleanup_close_ int tree = mountfd_clone(init->root, "", true);

	if (tree < 0)
		return tree;
	if (setns(init->outside, CLONE_NEWNS) < 0)
		return err_sys(errno, "return to the mount namespace of the runtime");
	fd_close(fd_take(&init->outside));
	fd_close(init->root);
	init->root = fd_take(&tree);
	if (fchdir(init->root) < 0)
		return err_sys(errno, "enter rootfs");
	if (chroot(".") < 0)
		return err_sys(errno, "chroot");
	return 0;
}

int act_pivot(struct init *init)
{
	const struct init_plan *plan = init->plan;

	if (plan->keeps_mount_namespace)
		return return_with_root(init);
	if (plan->wants_no_pivot ? move_root(init) : pivot(init))
		return err_code();
	if (chdir("/") < 0)
		return err_sys(errno, "chdir /");
	if (plan->root_propagation &&
	    sys_mount(NULL, "/", NULL, plan->root_propagation, NULL) < 0)
		return err_sys(errno, "change propagation of the new /");
	return 0;
}

int act_root_readonly(struct init *init)
{
	if (mountfd_change(init->root, MOUNT_ATTR_RDONLY, 0, false))
		return err_while("make / read-only");
	return 0;
}
