/* SPDX-License-Identifier: GPL-2.0-or-later */
/* apply - write the container's limits. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "cgroup/apply.h"
#include "cgroup/cgroupfs.h"

/*
 * True when cgroup v1 holds CONTROLLER, so that v2 cannot: it is in a line such
 * as "4:cpu,cpuacct:/" then, where v2's own is "0::/".
 */
static bool is_bound_to_v1(const char *controller)
{
	char text[8192];
	char *rest = text;
	char *line;

	if (cgroupfs_try_read(AT_FDCWD, "/proc/self/cgroup", text, sizeof(text)))
		return false;
	while ((line = strsep(&rest, "\n"))) {
		char *list;
		char *word;

		strsep(&line, ":");
		list = strsep(&line, ":");
		while ((word = strsep(&list, ",")))
			if (strcmp(word, controller) == 0)
				return true;
	}
	return false;
}

static bool has_controller(int dir, const char *list, const char *controller)
{
	char text[512];

	return cgroupfs_try_read(dir, list, text, sizeof(text)) == 0 &&
	       cgroupfs_has_word(text, controller);
}

/* Why FILE is not in DIR: what somebody can do about it is different each time. */
static int report_missing(int dir, const struct cgroup_write *limit)
{
	const char *controller = limit->controller;

	if (!controller)
		return err_refuse("%s: cgroup has no %s", limit->origin, limit->file);
	if (is_bound_to_v1(controller))
		return err_refuse("%s: cgroup has no %s: controller %s is not available: "
				  "it is bound to cgroup v1; boot with "
				  "systemd.unified_cgroup_hierarchy=1 or cgroup_no_v1=all",
				  limit->origin, limit->file, controller);
	if (has_controller(dir, "cgroup.controllers", controller))
		return err_refuse("%s: this kernel's controller %s has no %s%s", limit->origin,
				  controller, limit->file,
				  strcmp(limit->file, "io.weight") == 0
					  ? ": it comes with BFQ or io.cost"
					  : "");
	if (has_controller(dir, "../cgroup.controllers", controller))
		return err_refuse("%s: cgroup has no %s: controller %s is not available: "
				  "it cannot be enabled above, where there are processes; "
				  "move them into a cgroup of their own",
				  limit->origin, limit->file, controller);
	return err_refuse("%s: cgroup has no %s: controller %s is not available", limit->origin,
			  limit->file, controller);
}

/* Files such as io.max take one line in each write. */
static int write_lines(int fd, const struct cgroup_write *limit)
{
	_cleanup_free_ char *copy = xstrdup(limit->value);
	char *rest = copy;
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!*line && line != copy)
			continue;
		if (write(fd, line, strlen(line)) >= 0)
			continue;
		if (errno == EINVAL && limit->is_try)
			return 0;
		return err_sys(errno, "%s: write '%s' to %s", limit->origin, line, limit->file);
	}
	return 0;
}

static bool may_be_absent(int dir, const struct cgroup_write *limit)
{
	return limit->may_be_absent ||
	       (limit->instead && faccessat(dir, limit->instead, F_OK, 0) == 0);
}

int cgroup_apply_one(int dir, const struct cgroup_write *limit)
{
	_cleanup_close_ int fd = NO_FD;

	if (!*limit->file || strchr(limit->file, '/'))
		return err_refuse("%s: %s is no file of a cgroup", limit->origin, limit->file);
	fd = openat(dir, limit->file, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return may_be_absent(dir, limit) ? 0 : report_missing(dir, limit);
	if (fd < 0)
		return err_sys(errno, "%s: open %s", limit->origin, limit->file);
	return write_lines(fd, limit);
}

/* "linux.resources.pids.limit" -> "pids limit", as people know it from other runtimes. */
static int report_no_cgroup(const struct cgroup_write *limit)
{
	return err_refuse("%s: cannot set %s limit: container could not join or create cgroup",
			  limit->origin, limit->controller ? limit->controller : limit->file);
}

int cgroup_apply(const struct cgroup *cgroup, const struct cgroup_plan *plan)
{
	int r = 0;

	for (size_t i = 0; i < plan->write_count && r == 0; i++) {
		const struct cgroup_write *limit = &plan->writes[i];

		if (cgroup->fd < 0 && limit->may_be_absent)
			continue;
		if (cgroup->fd < 0)
			return report_no_cgroup(limit);
		r = cgroup_apply_one(cgroup->fd, limit);
	}
	return r;
}
