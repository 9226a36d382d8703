/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_host - what the running kernel and the installed tools cannot do for this bundle. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/number.h"
#include "container/checking.h"
#include "kernel/executable.h"
#include "kernel/syscalls.h"
#include "launch/agent.h"
#include "plan/seccompwords.h"
#include "seccomp/support.h"

/* ---- namespaces ---- */

/* clang-format off */
static const char *const namespace_files[] = {
	[OCI_NAMESPACE_PID]     = "pid",
	[OCI_NAMESPACE_NETWORK] = "net",
	[OCI_NAMESPACE_MOUNT]   = "mnt",
	[OCI_NAMESPACE_IPC]     = "ipc",
	[OCI_NAMESPACE_UTS]     = "uts",
	[OCI_NAMESPACE_USER]    = "user",
	[OCI_NAMESPACE_CGROUP]  = "cgroup",
	[OCI_NAMESPACE_TIME]    = NULL, /* planning asks for it already */
};
/* clang-format on */

static void check_namespaces(struct checking *checking)
{
	const struct oci_linux *spec = checking->bundle.spec.linux;

	for (size_t i = 0; spec && i < spec->namespaces.count; i++) {
		enum oci_namespace_type type = spec->namespaces.items[i].type;
		const char *file = namespace_files[type];
		_cleanup_free_ char *path = xprintf("/proc/self/ns/%s", file ? file : "");

		if (file && access(path, F_OK) < 0)
			checking_note(checking, FINDING_HOST,
				      err_lack("linux.namespaces[%zu].type: the kernel has no "
					       "%s namespaces",
					       i, oci_namespace_type_words[type]));
	}
}

/* user_namespaces(7): how many there may be; 0 is how an administrator forbids them. */
static bool may_make_user_namespaces(void)
{
	char text[32];
	uint64_t most;

	if (fd_read_file(AT_FDCWD, "/proc/sys/user/max_user_namespaces", text, sizeof(text)) <
	    0) {
		err_clear();
		return true;
	}
	return number_u64(text, UINT64_MAX, &most) || most > 0;
}

static int find_tool(const char *name)
{
	const char *directories = getenv("PATH");
	const struct executable_search search = {
		.root = AT_FDCWD,
		.directories = directories ? directories : EXECUTABLE_PATH_DEFAULT,
	};
	char path[PATH_MAX];

	return executable_find(&search, name, path, sizeof(path));
}

static void check_user_namespace(struct checking *checking)
{
	const struct plan *plan = &checking->plan;

	if (plan->uid_map_count && plan->init->has_user_namespace &&
	    !may_make_user_namespaces())
		checking_note(checking, FINDING_HOST,
			      err_lack("linux.namespaces: no user namespace may be made "
				       "(user.max_user_namespaces is 0)"));
	if (!plan->needs_idmap_tools)
		return;
	if (find_tool("newuidmap"))
		checking_note(checking, FINDING_HOST, err_while("linux.uidMappings"));
	if (find_tool("newgidmap"))
		checking_note(checking, FINDING_HOST, err_while("linux.gidMappings"));
}

/* ---- mounts ---- */

static bool has_mount_setattr(void)
{
	struct mount_attr nothing = { 0 };

	return sys_mount_setattr(-1, "", 0, &nothing) == 0 || errno != ENOSYS;
}

static void check_mounts(struct checking *checking)
{
	const struct init_plan *init = checking->plan.init;
	const struct block_mount *mounts = LIST_OF(init, init->mounts, struct block_mount);
	bool can = has_mount_setattr();

	for (uint32_t i = 0; !can && i < init->mounts.count; i++)
		if (mounts[i].recursive_set | mounts[i].recursive_clear)
			checking_note(checking, FINDING_HOST,
				      err_lack("mounts[%u].options: recursive mount options "
					       "need mount_setattr(2), Linux 5.12",
					       i));
}

/* ---- seccomp ---- */

static void check_action(struct checking *checking, const char *path,
			 enum oci_seccomp_action action)
{
	if (action && !seccomp_has_action(seccomp_actions[action]))
		checking_note(checking, FINDING_HOST,
			      err_lack("%s: the kernel does not know %s", path,
				       oci_seccomp_action_words[action]));
}

static void check_flags(struct checking *checking, const struct oci_seccomp_flags *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] && !seccomp_has_flags(seccomp_flags[list->items[i]]))
			checking_note(checking, FINDING_HOST,
				      err_lack("linux.seccomp.flags[%zu]: the kernel does not "
					       "know %s",
					       i, oci_seccomp_flag_words[list->items[i]]));
}

static void check_agent(struct checking *checking)
{
	const char *path = checking->plan.seccomp_agent;

	if (path && agent_find(path))
		checking_note(checking, FINDING_HOST, err_code());
}

static void check_seccomp(struct checking *checking)
{
	const struct oci_linux *spec = checking->bundle.spec.linux;
	const struct oci_seccomp *seccomp = spec ? spec->seccomp : NULL;

	if (!seccomp)
		return;
	if (!seccomp_has_flags(0)) {
		checking_note(checking, FINDING_HOST,
			      err_lack("linux.seccomp: the kernel has no seccomp filters"));
		return;
	}
	check_action(checking, "linux.seccomp.defaultAction", seccomp->default_action);
	for (size_t i = 0; i < seccomp->syscalls.count; i++) {
		_cleanup_free_ char *path = xprintf("linux.seccomp.syscalls[%zu].action", i);

		check_action(checking, path, seccomp->syscalls.items[i].action);
	}
	check_flags(checking, &seccomp->flags);
	check_agent(checking);
}

void check_host(struct checking *checking)
{
	check_namespaces(checking);
	check_user_namespace(checking);
	check_mounts(checking);
	check_seccomp(checking);
}
