/* SPDX-License-Identifier: GPL-2.0-or-later */
/* join - open a namespace that the container joins, if it may be the container's. */
#include "launch/join.h"

#include <sched.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/namespace.h"

/* pivot_root(2) moves the root of everybody in a mount namespace. */
static int check_not_hosts(const struct plan_join *join, int fd)
{
	bool matters = join->sysctl || join->names || join->flag == CLONE_NEWNS;
	int is_hosts = matters ? namespace_is_hosts(fd, join->flag) : 0;

	if (is_hosts <= 0)
		return is_hosts;
	if (join->sysctl)
		return err_refuse("linux.sysctl[\"%s\"]: sysctl \"%s\" not allowed in host %s "
				  "namespace",
				  join->sysctl, join->sysctl, namespace_name(join->flag));
	if (join->names)
		return err_refuse(
			"%s: %s.path is the host's own UTS namespace, which would get "
			"this name",
			join->names, join->origin);
	return err_refuse(
		"%s.path: this is the runtime's own mount namespace, whose root would "
		"become the container's for everybody in it",
		join->origin);
}

int join_open(const struct plan_join *join)
{
	_cleanup_close_ int fd = namespace_open(join->path, join->flag);

	if (fd < 0)
		return err_while("%s.path", join->origin);
	return check_not_hosts(join, fd) ? err_code() : fd_take(&fd);
}
