/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resctrl - a container's share of caches and memory bandwidth: the kernel's resctrl.rst. */
#include "resctrl/resctrl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "kernel/mountinfo.h"
#include "resctrl/schemata.h"

#define SCHEMATA_MAX 16384
#define STATUS_MAX 256

/* DIRECTORY/NAME, or DIRECTORY alone for an empty name. */
static int join_path(char *path, const char *directory, const char *name)
{
	int length =
		snprintf(path, RESCTRL_PATH_MAX, "%s%s%s", directory, *name ? "/" : "", name);

	return length < RESCTRL_PATH_MAX ? 0 : err_sys(ENAMETOOLONG, "%s", directory);
}

static int find_mount(struct resctrl *resctrl)
{
	int found = mountinfo_find_type("resctrl", resctrl->mount, sizeof(resctrl->mount));

	if (found < 0)
		return found;
	if (!found)
		return err_refuse("linux.intelRdt: no resctrl file system is mounted: the "
				  "processor or the kernel has none, or \"mount -t resctrl "
				  "resctrl /sys/fs/resctrl\" was not done");
	return 0;
}

/* "If closID is set, runtimes MUST compare": another container's group is not changed. */
static int compare(const struct resctrl_plan *plan, const struct resctrl *resctrl)
{
	char path[RESCTRL_PATH_MAX], text[SCHEMATA_MAX];

	if (join_path(path, resctrl->group, "schemata") ||
	    fd_read_file(AT_FDCWD, path, text, sizeof(text)) < 0)
		return err_code();
	for (size_t i = 0; i < plan->line_count; i++)
		if (!schemata_has(text, plan->lines[i]))
			return err_refuse("linux.intelRdt.closID: \"%s\" is there, but not "
					  "with the schema \"%s\"",
					  plan->group, plan->lines[i]);
	return 0;
}

static int check_group(const struct resctrl_plan *plan, struct resctrl *resctrl)
{
	if (access(resctrl->group, F_OK) < 0) {
		if (errno != ENOENT)
			return err_sys(errno, "%s", resctrl->group);
		if (plan->must_exist)
			return err_refuse("linux.intelRdt.closID: \"%s\" is not there, and no "
					  "schema to make it with",
					  plan->group);
		resctrl->makes_group = true;
		return 0;
	}
	if (!plan->is_named)
		return err_sys(EEXIST, "linux.intelRdt: %s", resctrl->group);
	return compare(plan, resctrl);
}

int resctrl_find(const struct resctrl_plan *plan, struct resctrl *ret_resctrl)
{
	struct resctrl resctrl = { 0 };
	char groups[RESCTRL_PATH_MAX];

	if (find_mount(&resctrl) || join_path(resctrl.group, resctrl.mount, plan->group) ||
	    check_group(plan, &resctrl))
		return err_code();
	if (plan->monitor && (join_path(groups, resctrl.group, "mon_groups") ||
			      join_path(resctrl.monitor, groups, plan->monitor)))
		return err_code();
	*ret_resctrl = resctrl;
	return 0;
}

/* The kernel says more than an errno: in info/last_cmd_status, "ok" if it has nothing to say. */
static int explain(const struct resctrl *resctrl, const char *what)
{
	char path[RESCTRL_PATH_MAX], status[STATUS_MAX] = "";
	struct err reason = *err_last();

	err_clear();
	if (join_path(path, resctrl->mount, "info/last_cmd_status") ||
	    fd_read_file(AT_FDCWD, path, status, sizeof(status)) < 0)
		err_clear();
	err_adopt(&reason);
	if (*status && strcmp(status, "ok") != 0)
		return err_while("linux.intelRdt: %s (the kernel says \"%s\")", what, status);
	return err_while("linux.intelRdt: %s", what);
}

static int make_directory(const struct resctrl *resctrl, const char *path, const char *what)
{
	if (mkdir(path, 0755) == 0)
		return 0;
	err_sys(errno, "mkdir %s", path);
	return explain(resctrl, what);
}

/* One line at a time: then an error is about that line. */
static int write_lines(const struct resctrl_plan *plan, const struct resctrl *resctrl)
{
	char path[RESCTRL_PATH_MAX], line[SCHEMATA_MAX];

	if (join_path(path, resctrl->group, "schemata"))
		return err_code();
	for (size_t i = 0; i < plan->line_count; i++) {
		int length = snprintf(line, sizeof(line), "%s\n", plan->lines[i]);

		if ((size_t)length >= sizeof(line))
			return err_sys(E2BIG, "linux.intelRdt: a schema");
		if (fd_write_file(AT_FDCWD, path, line))
			return explain(resctrl, "schema");
	}
	return 0;
}

static int make_all(const struct resctrl_plan *plan, const struct resctrl *resctrl)
{
	if (resctrl->makes_group && write_lines(plan, resctrl))
		return err_code();
	if (!*resctrl->monitor)
		return 0;
	return make_directory(resctrl, resctrl->monitor, "enableMonitoring");
}

int resctrl_make(const struct resctrl_plan *plan, const struct resctrl *resctrl)
{
	struct err reason;

	if (resctrl->makes_group && make_directory(resctrl, resctrl->group, "make the group"))
		return err_code();
	if (make_all(plan, resctrl) == 0)
		return 0;
	reason = *err_last();
	err_clear();
	if (resctrl->makes_group && resctrl_remove(resctrl->group))
		err_clear();
	return err_adopt(&reason);
}

int resctrl_recall(const char *group, const char *monitor, struct resctrl *ret_resctrl)
{
	struct resctrl resctrl = { 0 };

	if (find_mount(&resctrl) || join_path(resctrl.group, group, "") ||
	    join_path(resctrl.monitor, monitor ? monitor : "", ""))
		return err_code();
	*ret_resctrl = resctrl;
	return 0;
}

/* The kernel takes no line without its end. */
int resctrl_restore(const struct resctrl *resctrl, const char *before)
{
	_cleanup_free_ char *text = xprintf("%s\n", before);
	char path[RESCTRL_PATH_MAX];

	if (join_path(path, resctrl->group, "schemata"))
		return err_code();
	return fd_write_file(AT_FDCWD, path, text) ? explain(resctrl, "schema") : 0;
}

int resctrl_change(const struct resctrl_plan *plan, const struct resctrl *resctrl,
		   char **ret_before)
{
	char path[RESCTRL_PATH_MAX], before[SCHEMATA_MAX];
	struct err reason;

	if (join_path(path, resctrl->group, "schemata") ||
	    fd_read_file(AT_FDCWD, path, before, sizeof(before)) < 0)
		return err_code();
	if (write_lines(plan, resctrl) == 0) {
		*ret_before = xstrdup(before);
		return 0;
	}
	reason = *err_last();
	err_clear();
	if (resctrl_restore(resctrl, before))
		err_clear(); /* the first reason is the one that helps */
	return err_adopt(&reason);
}

static int join_one(const struct resctrl *resctrl, const char *group, int pid)
{
	char path[RESCTRL_PATH_MAX], text[16];

	snprintf(text, sizeof(text), "%d", pid);
	if (join_path(path, group, "tasks"))
		return err_code();
	return fd_write_file(AT_FDCWD, path, text) ? explain(resctrl, "join") : 0;
}

/* A monitoring group takes only who is in its group already. */
int resctrl_join(const struct resctrl *resctrl, int pid)
{
	if (join_one(resctrl, resctrl->group, pid))
		return err_code();
	return *resctrl->monitor ? join_one(resctrl, resctrl->monitor, pid) : 0;
}

int resctrl_remove(const char *path)
{
	if (rmdir(path) < 0 && errno != ENOENT)
		return err_sys(errno, "rmdir %s", path);
	return 0;
}
