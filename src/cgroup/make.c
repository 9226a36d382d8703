/* SPDX-License-Identifier: GPL-2.0-or-later */
/* make - make the container's cgroup and those above it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"
#include "cgroup/cgroup.h"
#include "cgroup/cgroupfs.h"

#define LIST_MAX 512 /* bytes of a list of controllers */

/* The way down. */
struct descent {
	const struct cgroup_plan *plan;
	int mount;
	int here;       /* the cgroup reached */
	char *path;     /* clean, "/a/b" */
	size_t reached; /* bytes of path up to here */
	bool has_made;  /* we made a directory, and then all below it */
	size_t keep;    /* bytes of path that were there before us */
	bool wants_domain;
	bool is_in_domain; /* where we are is a plain domain, and so is what we make there */
	bool sees_types;   /* look at each, also where nothing is lost with a later look */
};

/* Controllers that a threaded cgroup cannot have. */
static bool wants_domain(const struct cgroup_plan *plan)
{
	for (size_t i = 0; i < plan->write_count; i++)
		if (!plan->writes[i].may_be_absent && plan->writes[i].controller &&
		    cgroupfs_has_word("memory io cpu hugetlb", plan->writes[i].controller))
			return true;
	return false;
}

/* Those of the root are known already. */
static int read_controllers(const struct descent *descent, char list[LIST_MAX])
{
	const char *known = descent->plan->controllers;

	if (descent->reached > 0 || !known || !*known)
		return cgroupfs_try_read(descent->here, "cgroup.controllers", list, LIST_MAX);
	snprintf(list, LIST_MAX, "%s", known);
	return 0;
}

/*
 * Let the children have what the parent has.  What cannot be given is not
 * reported here: a limit that needs it will miss its file and say so.
 */
static void enable_controllers(const struct descent *descent)
{
	int dir = descent->here;
	_cleanup_buf_ struct buf wanted = { 0 };
	char available[LIST_MAX];
	char enabled[LIST_MAX];
	char *rest = available;
	char *word;
	int r;

	if (read_controllers(descent, available) ||
	    cgroupfs_try_read(dir, "cgroup.subtree_control", enabled, sizeof(enabled)))
		return;
	while ((word = strsep(&rest, " ")))
		if (*word && !cgroupfs_has_word(enabled, word))
			buf_printf(&wanted, "%s+%s", wanted.size ? " " : "", word);
	if (wanted.size == 0)
		return;
	r = cgroupfs_try_write(dir, "cgroup.subtree_control", wanted.text);
	/*
	 * Busy: there are processes.  Those controllers that can be had nevertheless would make it
	 * the top of a threaded tree, whose children cannot have what is wanted.
	 */
	if (r == 0 || (r == -EBUSY && descent->wants_domain))
		return;
	/* One that is refused takes the others with it: ask for each alone. */
	rest = wanted.text;
	while ((word = strsep(&rest, " ")))
		(void)cgroupfs_try_write(dir, "cgroup.subtree_control", word);
}

static int check_type(struct descent *descent)
{
	char type[32];

	if (cgroupfs_try_read(descent->here, "cgroup.type", type, sizeof(type)))
		return 0; /* the root has no type */
	descent->is_in_domain = strcmp(type, "domain") == 0;
	if (strcmp(type, "domain invalid") == 0) {
		if (descent->wants_domain)
			return err_refuse(
				"cannot enter cgroupv2 \"%.*s\" with domain controllers"
				" -- it is in an invalid state (below a threaded cgroup)",
				(int)descent->reached, descent->path);
		(void)cgroupfs_try_write(descent->here, "cgroup.type", "threaded");
		return 0;
	}
	if (descent->wants_domain && strstr(type, "threaded"))
		return err_refuse("cannot enter cgroupv2 \"%.*s\" with domain controllers"
				  " -- it is in %s mode",
				  (int)descent->reached, descent->path, type);
	return 0;
}

static void go_to(struct descent *descent, int next)
{
	if (descent->here != descent->mount)
		fd_close(descent->here);
	descent->here = next;
}

/*
 * One that we made need not be looked at where it must be a domain, or where whoever enters it
 * will hear that it is none: the last one, as nothing is given to those below an invalid one.
 */
static bool needs_look(const struct descent *descent, bool is_made)
{
	bool is_last = descent->path[descent->reached] == '\0';

	if (descent->sees_types || !is_made)
		return true;
	return !descent->is_in_domain && (descent->wants_domain || !is_last);
}

/* Into NAME, which ends where PATH is END bytes long. */
static int go_down(struct descent *descent, const char *name, size_t end)
{
	bool is_made;
	int next;

	enable_controllers(descent);
	is_made = mkdirat(descent->here, name, 0755) == 0;
	if (is_made) {
		if (!descent->has_made)
			descent->keep = descent->reached;
		descent->has_made = true;
	} else if (errno == EACCES || errno == EPERM) {
		return err_sys(
			errno,
			"unable to apply cgroup configuration: rootless needs no limits + "
			"no cgrouppath when no permission is granted for cgroups: "
			"mkdir %.*s",
			(int)end, descent->path);
	} else if (errno != EEXIST) {
		return err_sys(errno, "unable to apply cgroup configuration: mkdir %.*s",
			       (int)end, descent->path);
	}
	descent->reached = end; /* from now on an undo has to remove it */
	next = cgroupfs_open_child(descent->here, name);
	if (next < 0)
		return next;
	go_to(descent, next);
	return needs_look(descent, is_made) ? check_type(descent) : 0;
}

static int go_all_the_way(struct descent *descent)
{
	const char *at = descent->path;
	int r = 0;

	while (*at && r == 0) {
		char name[NAME_MAX + 1];
		size_t length = strcspn(at + 1, "/");

		if (length > NAME_MAX)
			return err_sys(ENAMETOOLONG, "mkdir %s", descent->path);
		memcpy(name, at + 1, length);
		name[length] = '\0';
		at += 1 + length;
		r = go_down(descent, name, (size_t)(at - descent->path));
	}
	return r;
}

/* Remove what was made, the deepest first. */
static void undo(struct descent *descent)
{
	if (!descent->has_made)
		return;
	descent->path[descent->reached] = '\0';
	while (strlen(descent->path) > descent->keep) {
		unlinkat(descent->mount, descent->path + 1, AT_REMOVEDIR);
		*strrchr(descent->path, '/') = '\0';
	}
}

/* A cgroup that was there before must be nobody's. */
static int check_unused(const struct cgroup *cgroup)
{
	pid_t *pids = NULL;
	size_t count = 0;
	int r = cgroup_pids(cgroup, &pids, &count);

	if (r < 0)
		return r;
	free(pids);
	if (count > 0)
		return err_refuse("container's cgroup is not empty: %zu process(es) found",
				  count);
	return 0;
}

/*
 * Who is born in a frozen cgroup does not execute, and clone3(2) waits for that.  A new one is
 * frozen only by one above it, and stands still at once.
 */
static int check_thawed(const struct cgroup *cgroup, bool is_new)
{
	int r = is_new ? cgroup_stands_still(cgroup) : cgroup_is_held(cgroup);

	return r > 0 ? err_refuse("container's cgroup unexpectedly frozen") : r;
}

/* The kernel lists which files of a cgroup may be given away; these are the oldest. */
#define DELEGATE_LIST "/sys/kernel/cgroup/delegate"
#define DELEGATE_DEFAULT "cgroup.procs\ncgroup.threads\ncgroup.subtree_control"

int cgroup_delegate(const struct cgroup *cgroup, const struct cgroup_plan *plan)
{
	char list[1024];
	char *rest = list;
	char *file;

	if (!plan->is_delegated)
		return 0;
	if (fchown(cgroup->fd, plan->owner, plan->owner_group) < 0)
		return err_sys(errno, "give %s to its owner", cgroup->path);
	if (cgroupfs_try_read(AT_FDCWD, DELEGATE_LIST, list, sizeof(list)))
		snprintf(list, sizeof(list), "%s", DELEGATE_DEFAULT);
	while ((file = strsep(&rest, "\n"))) {
		if (!*file || strchr(file, '/'))
			continue;
		if (fchownat(cgroup->fd, file, plan->owner, plan->owner_group,
			     AT_SYMLINK_NOFOLLOW) < 0 &&
		    errno != ENOENT)
			return err_sys(errno, "give %s/%s to its owner", cgroup->path, file);
	}
	return 0;
}

/* The cgroup that was reached: is it fit, and what is it? */
static int settle(struct descent *descent, const struct cgroup_plan *plan,
		  struct cgroup *ret_cgroup)
{
	struct cgroup cgroup = { .fd = descent->here, .is_new_top = descent->has_made };
	struct stat about;
	int r = 0;

	if (fstat(cgroup.fd, &about) < 0)
		return err_sys(errno, "stat cgroup %s", descent->path);
	cgroup.id = about.st_ino;
	cgroup.path = xprintf("%s%s", strcmp(plan->mount, "/") == 0 ? "" : plan->mount,
			      descent->path);
	if (!descent->has_made)
		r = check_unused(&cgroup);
	if (r == 0)
		r = check_thawed(&cgroup, descent->has_made);
	if (r == 0)
		r = cgroup_delegate(&cgroup, plan);
	if (r < 0) {
		free(cgroup.path);
		return r;
	}
	descent->here = NO_FD;
	*ret_cgroup = cgroup;
	return 0;
}

static int descend(struct descent *descent, const struct cgroup_plan *plan,
		   struct cgroup *ret_cgroup)
{
	int r;

	descent->mount = cgroupfs_open_mount(plan->mount);
	if (descent->mount < 0)
		return descent->mount;
	descent->here = descent->mount;
	r = go_all_the_way(descent);
	if (r == 0)
		r = settle(descent, plan, ret_cgroup);
	if (r < 0)
		undo(descent);
	return r;
}

/* ".." is refused, not resolved: nobody means it. */
static int check_path(const char *path)
{
	_cleanup_free_ char *clean = path_clean("/", path);

	if (strcmp(clean, "/") == 0)
		return err_refuse(
			"linux.cgroupsPath: the container cannot be in the root cgroup");
	for (const char *at = path; *at; at += *at == '/') {
		size_t length = strcspn(at, "/");

		if (length == 2 && memcmp(at, "..", 2) == 0)
			return err_refuse("linux.cgroupsPath: %s has a \"..\" in it", path);
		at += length;
	}
	return 0;
}

int cgroup_make(const struct cgroup_plan *plan, struct cgroup *ret_cgroup)
{
	struct descent descent = { .plan = plan, .mount = NO_FD, .here = NO_FD };
	int r;

	*ret_cgroup = (struct cgroup){ .fd = NO_FD };
	if (!plan->path || (plan->is_optional && !*plan->mount))
		return 0;
	if (check_path(plan->path))
		return -EINVAL;
	descent.path = path_clean("/", plan->path);
	descent.wants_domain = wants_domain(plan);
	descent.sees_types = plan->sees_types;
	r = descend(&descent, plan, ret_cgroup);
	go_to(&descent, NO_FD);
	fd_close(descent.mount);
	free(descent.path);
	/* Nobody asked for one: the container then stays in the caller's. */
	if (r < 0 && plan->is_optional && (r == -EACCES || r == -EPERM || r == -EROFS)) {
		err_clear();
		return 0;
	}
	return r;
}

int cgroup_settle_types(const struct cgroup_plan *plan)
{
	struct descent descent = { .plan = plan, .sees_types = true };
	int r;

	descent.mount = cgroupfs_open_mount(plan->mount);
	if (descent.mount < 0)
		return descent.mount;
	descent.path = path_clean("/", plan->path);
	descent.here = descent.mount;
	descent.wants_domain = wants_domain(plan);
	r = go_all_the_way(&descent);
	go_to(&descent, NO_FD);
	fd_close(descent.mount);
	free(descent.path);
	return r;
}
