/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_files - what config.json names is there: create finds out by using it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"
#include "container/checking.h"
#include "kernel/executable.h"
#include "launch/join.h"

struct files {
	struct checking *checking;
	int root;      /* the container's root directory; NO_FD when it cannot be looked into */
	bool has_more; /* a mount may bring more files than the root directory has */
};

/* Who may not look cannot say that it is not there. */
static enum finding_severity severity_of(int code)
{
	return code == -EACCES || code == -EPERM ? FINDING_HOST : FINDING_ERROR;
}

/* ---- the root file system and what is executed in it ---- */

static int open_root(struct files *files)
{
	const char *path = files->checking->plan.rootfs;

	if (!path)
		return 0;
	files->root = fd_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
	return files->root < 0 ? err_while("root.path") : 0;
}

/* Kernel file systems have no programs; a file that is bound is one file. */
static bool brings_files(const struct checking *checking, const struct block_mount *mount)
{
	static const char *const types[] = { "proc",    "sysfs",  "devpts", "mqueue",
					     "cgroup2", "cgroup", "tmpfs" };
	const char *type = block_string(checking->plan.init, mount->type);
	const char *source = block_string(checking->plan.init, mount->source);
	struct stat status;

	if (mount->kind == MOUNT_BIND)
		return source && (stat(source, &status) < 0 || S_ISDIR(status.st_mode));
	if (mount->kind != MOUNT_FS || !type)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(type, types[i]) == 0)
			return false;
	return true;
}

static bool is_below_one(const char *path, const char *const *tops, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (path && path_is_below(path, tops[i]))
			return true;
	return false;
}

/* Symlinks may lead anywhere, so any directory that is mounted may be where a program is. */
static bool has_more_files(const struct checking *checking)
{
	static const char *const tops[] = { "/proc", "/sys", "/dev" };
	const struct init_plan *init = checking->plan.init;
	const struct block_mount *mounts = LIST_OF(init, init->mounts, struct block_mount);

	for (uint32_t i = 0; i < init->mounts.count; i++)
		if (brings_files(checking, &mounts[i]) &&
		    !is_below_one(block_string(init, mounts[i].destination), tops,
				  ARRAY_SIZE(tops)))
			return true;
	return false;
}

static const char *search_path(const struct oci_process *process)
{
	for (size_t i = process->env.count; i-- > 0;)
		if (strncmp(process->env.items[i], "PATH=", 5) == 0)
			return process->env.items[i] + 5;
	return EXECUTABLE_PATH_DEFAULT;
}

static int find_program(const struct files *files, const char *cwd, const char *directories,
			const char *name)
{
	const struct executable_search search = {
		.root = files->root,
		.cwd = cwd,
		.directories = directories,
	};
	char path[PATH_MAX];

	if (files->root < 0 || files->has_more)
		return 0;
	return executable_find(&search, name, path, sizeof(path));
}

static void check_program(const struct files *files)
{
	const struct oci_process *process = files->checking->bundle.spec.process;
	int code;

	if (!process || !process->args.count || !*process->args.items[0])
		return;
	code = find_program(files, process->cwd, search_path(process), process->args.items[0]);
	if (code < 0)
		checking_note(files->checking, severity_of(code), err_while("process.args[0]"));
}

/* ---- hooks ---- */

static int find_hook(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return err_sys(errno, "exec %s", path);
	if (!S_ISREG(status.st_mode) || access(path, X_OK) < 0)
		return err_sys(EACCES, "exec %s", path);
	return 0;
}

static void check_hooks(const struct files *files, const char *kind,
			const struct oci_hook_list *list, bool is_inside)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *path = list->items[i].path;
		int code = 0;

		if (path[0] != '/')
			continue;
		code = is_inside ? find_program(files, "/", "", path) : find_hook(path);
		if (code == 0)
			continue;
		checking_note(files->checking, is_inside ? severity_of(code) : FINDING_HOST,
			      err_while("hooks.%s[%zu].path", kind, i));
	}
}

static void check_all_hooks(const struct files *files)
{
	const struct oci_hooks *hooks = files->checking->bundle.spec.hooks;

	if (!hooks)
		return;
	check_hooks(files, "prestart", &hooks->prestart, false);
	check_hooks(files, "createRuntime", &hooks->create_runtime, false);
	check_hooks(files, "createContainer", &hooks->create_container, false);
	check_hooks(files, "startContainer", &hooks->start_container, true);
	check_hooks(files, "poststart", &hooks->poststart, false);
	check_hooks(files, "poststop", &hooks->poststop, false);
}

/* ---- what is bound or joined ---- */

static void check_sources(struct checking *checking)
{
	const struct init_plan *init = checking->plan.init;
	const struct block_mount *mounts = LIST_OF(init, init->mounts, struct block_mount);

	for (uint32_t i = 0; i < init->mounts.count; i++) {
		const char *source = block_string(init, mounts[i].source);
		struct stat status;

		if (mounts[i].kind != MOUNT_BIND || !source || mounts[i].is_optional)
			continue;
		/* An earlier mount may bring it. */
		if (checking->plan.rootfs && path_is_below(source, checking->plan.rootfs))
			continue;
		if (stat(source, &status) < 0)
			checking_note(checking, FINDING_HOST,
				      err_sys(errno, "mounts[%u].source: open %s", i, source));
	}
}

static void check_joins(struct checking *checking)
{
	const struct plan *plan = &checking->plan;

	for (size_t i = 0; i < plan->join_count; i++) {
		_cleanup_close_ int fd = NO_FD;

		if (!plan->joins[i].path || plan->joins[i].path[0] != '/')
			continue;
		fd = join_open(&plan->joins[i]);
		if (fd < 0)
			checking_note(checking, FINDING_HOST, err_code());
	}
}

void check_files(struct checking *checking)
{
	struct files files = { .checking = checking, .root = NO_FD };
	int code = open_root(&files);

	checking_note(checking, severity_of(code), code);
	files.has_more = has_more_files(checking);
	check_program(&files);
	check_all_hooks(&files);
	fd_close(files.root);
	check_sources(checking);
	check_joins(checking);
}
