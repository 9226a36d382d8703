/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bind - show one thing of the host or the container in another place of the container. */
#include "init/bind.h"

#include <errno.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/oldmount.h"
#include "kernel/mountfd.h"
#include "kernel/syscalls.h"

/* What is on top of the target afterwards has no descriptor yet. */
static int bind_by_name(const struct init *init, const struct bind *bind)
{
	_cleanup_close_ int source = *bind->source ? fd_open(bind->dir, bind->source, O_PATH, 0)
						   : fcntl(bind->dir, F_DUPFD_CLOEXEC, 3);
	_cleanup_close_ int top = NO_FD;

	if (source < 0)
		return *bind->source ? source : err_sys(errno, "dup");
	if (oldmount_bind_fd(source, bind->target, bind->is_recursive))
		return err_code();
	top = fd_open_in(init->root, bind->path, O_PATH);
	if (top < 0)
		return top;
	return mountfd_change(top, bind->set, 0, false);
}

int bind_over(const struct init *init, const struct bind *bind)
{
	_cleanup_close_ int tree = NO_FD;

	if (mountfd_is_missing())
		return bind_by_name(init, bind);
	tree = mountfd_clone(bind->dir, bind->source, bind->is_recursive);
	if (tree < 0 || mountfd_change(tree, bind->set, 0, bind->is_recursive))
		return err_code();
	return mountfd_attach(tree, bind->target);
}
