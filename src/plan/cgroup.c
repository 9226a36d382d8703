/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup - where the container's is, and whose (config-linux.md, "Control groups"). */
#include <linux/capability.h>
#include <linux/sched.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "plan/build.h"
#include "plan/idmaps.h"

/* True when PATH, read from left to right, never leads above where it begins. */
static bool stays_inside(const char *path)
{
	int depth = 0;

	while (*path) {
		size_t length = strcspn(path, "/");

		if (length == 2 && path[0] == '.' && path[1] == '.')
			depth--;
		else if (length > 0 && !(length == 1 && path[0] == '.'))
			depth++;
		if (depth < 0)
			return false;
		path += length + (path[length] != '\0');
	}
	return true;
}

/*
 * An absolute path is below the mount.  Otherwise the container's cgroup is a
 * sibling of ours: ours has processes, us, and so cannot have limited children.
 */
static int find_path(struct build *b, const char *wanted, const char **ret_path)
{
	const char *own = *b->host->own_cgroup ? b->host->own_cgroup : "/";
	_cleanup_free_ char *parent = path_clean("/", build_printf(b, "%s/..", own));
	_cleanup_free_ char *path = NULL;

	if (text_has_control(wanted))
		return err_refuse("linux.cgroupsPath: has a control character");
	if (!stays_inside(wanted))
		return err_refuse("linux.cgroupsPath: \"%s\" leads out of the cgroup tree",
				  wanted);
	path = path_clean(parent, wanted);
	if (strcmp(path, "/") == 0 || (wanted[0] != '/' && strcmp(path, parent) == 0))
		return err_refuse(
			"linux.cgroupsPath: \"%s\" is not a cgroup of the container's "
			"own",
			wanted);
	*ret_path = build_copy(b, path, strlen(path));
	return 0;
}

/* What of config.json cannot be had without a cgroup, or NULL. */
static const char *find_need(const struct build *b)
{
	const struct cgroup_plan *cgroup = &b->plan->cgroup;

	for (size_t i = 0; i < cgroup->write_count; i++)
		if (!cgroup->writes[i].may_be_absent)
			return cgroup->writes[i].origin;
	return NULL;
}

static int refuse(const char *path, const char *why)
{
	return err_lack("%s: container could not join or create cgroup: %s", path, why);
}

/* bpf(2) asks for privilege over the host; without it, mknod(2) makes no devices either. */
bool plan_may_filter_devices(const struct build *b)
{
	bool has_caps = build_may(b, CAP_SYS_ADMIN) ||
			(build_may(b, CAP_BPF) && build_may(b, CAP_NET_ADMIN));

	return b->host->is_privileged && has_caps;
}

static int stay(struct build *b)
{
	if (!build_has_namespace(b, CLONE_NEWPID))
		build_warn(b, LOG_WARNING,
			   "no cgroup and no pid namespace of its own: Such configuration is "
			   "strongly discouraged, as not all processes can be found to be "
			   "killed");
	return 0;
}

static bool may_do_without(const struct build *b)
{
	if (b->request->cgroup_need == CGROUP_AUTO)
		return b->plan->is_rootless;
	return b->request->cgroup_need == CGROUP_OPTIONAL;
}

int plan_cgroup(struct build *b)
{
	struct cgroup_plan *cgroup = &b->plan->cgroup;
	const char *wanted = b->linux->cgroups_path;
	const char *need = find_need(b);
	bool has_path = wanted && *wanted;

	cgroup->owner = NO_ID;
	cgroup->owner_group = NO_ID;
	cgroup->is_optional =
		may_do_without(b) && !has_path && !need && !b->request->is_systemd;
	if (b->request->wants_no_cgroup)
		return need ? refuse(need, "cgroups are disabled") : stay(b);
	if (!*b->host->cgroup_mount) {
		if (!cgroup->is_optional)
			return refuse(need ? need : "linux.cgroupsPath",
				      "there is no cgroup2 file system on this host");
		return stay(b);
	}
	cgroup->mount = b->host->cgroup_mount;
	cgroup->controllers = b->host->cgroup_controllers;
	cgroup->wants_devices = plan_may_filter_devices(b);
	if (b->request->is_systemd)
		return plan_unit(b, has_path ? wanted : "");
	return find_path(b, has_path ? wanted : b->plan->id, &cgroup->path);
}

/*
 * "Cgroup ownership": a container that has its own cgroup namespace and can
 * write /sys/fs/cgroup may manage its part of the tree, as the user who runs in it.
 */
int plan_delegation(struct build *b)
{
	struct cgroup_plan *cgroup = &b->plan->cgroup;
	const struct oci_process *process = b->spec->process;
	uint32_t owner = process && process->user ? process->user->uid.value : 0;

	if (!cgroup->path || !b->has_writable_cgroups || !(b->new_namespaces & CLONE_NEWCGROUP))
		return 0;
	if (build_has_namespace(b, CLONE_NEWUSER))
		owner = idmaps_find(b->plan->uid_maps, b->plan->uid_map_count, owner);
	if (owner == NO_ID || owner == b->host->euid || !build_may(b, CAP_CHOWN))
		return 0;
	cgroup->is_delegated = true;
	cgroup->owner = owner;
	return 0;
}
