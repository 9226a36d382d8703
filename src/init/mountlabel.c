/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountlabel - SELinux labels of mounts that take no context= ("linux.mountLabel"). */
#include "init/mountlabel.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/syscalls.h"

int mountlabel_set(const struct init *init, const struct block_mount *mount, int tree)
{
	const char *label = block_string(init->plan, mount->label);
	_cleanup_close_ int root = NO_FD;

	if (!label)
		return 0;
	root = fd_open(tree, ".", O_RDONLY | O_DIRECTORY, 0);
	if (root < 0)
		return root;
	if (sys_fsetxattr(root, "security.selinux", label, strlen(label) + 1) < 0)
		return err_sys(errno, "linux.mountLabel: label it '%s'", label);
	return 0;
}
