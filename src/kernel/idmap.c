/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idmap - map the ids of a new user namespace, user_namespaces(7). */
#include "kernel/idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/child.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "kernel/syscalls.h"

#define TOOL_TIMEOUT_MS 10000

static int write_map(pid_t pid, const char *file, const struct idmap *maps, size_t count)
{
	_cleanup_buf_ struct buf text = { 0 };
	char path[64];

	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%u %u %u\n", maps[i].container, maps[i].host, maps[i].size);
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return fd_write_file(AT_FDCWD, path, buf_text(&text));
}

/* The setuid helpers check the ranges against /etc/subuid; they live where root puts them. */
static const char *find_tool(const char *const *paths)
{
	for (; *paths; paths++)
		if (access(*paths, X_OK) == 0)
			return *paths;
	return NULL;
}

static int run_tool(const char *const *paths, pid_t pid, const struct idmap *maps, size_t count)
{
	const char *tool = find_tool(paths);
	_cleanup_strings_ char **args = xcalloc(count * 3 + 3, sizeof(*args));
	size_t n = 0;

	if (!tool)
		return err_sys(ENOENT, "%s (Debian package uidmap)", paths[0]);
	args[n++] = xstrdup(tool);
	args[n++] = xprintf("%d", pid);
	for (size_t i = 0; i < count; i++) {
		args[n++] = xprintf("%u", maps[i].container);
		args[n++] = xprintf("%u", maps[i].host);
		args[n++] = xprintf("%u", maps[i].size);
	}
	if (child_run(args, TOOL_TIMEOUT_MS) < 0)
		return err_while("the ranges of subuid(5) and subgid(5) decide");
	return 0;
}

static int map_by_tools(pid_t pid, const struct idmap_plan *plan)
{
	static const char *const uid_tools[] = { "/usr/bin/newuidmap", "/bin/newuidmap",
						 "/usr/sbin/newuidmap", NULL };
	static const char *const gid_tools[] = { "/usr/bin/newgidmap", "/bin/newgidmap",
						 "/usr/sbin/newgidmap", NULL };

	if (run_tool(gid_tools, pid, plan->gids, plan->gid_count))
		return err_while("%sgidMappings", plan->prefix);
	if (run_tool(uid_tools, pid, plan->uids, plan->uid_count))
		return err_while("%suidMappings", plan->prefix);
	return 0;
}

int idmap_write(pid_t pid, const struct idmap_plan *plan)
{
	char path[64];

	if (plan->needs_tools)
		return map_by_tools(pid, plan);
	snprintf(path, sizeof(path), "/proc/%d/setgroups", pid);
	if (plan->denies_setgroups && fd_write_file(AT_FDCWD, path, "deny"))
		return err_code();
	if (write_map(pid, "gid_map", plan->gids, plan->gid_count))
		return err_while("%sgidMappings", plan->prefix);
	if (write_map(pid, "uid_map", plan->uids, plan->uid_count))
		return err_while("%suidMappings", plan->prefix);
	return 0;
}

/*
 * A child in a new user namespace that does nothing.  It holds the reading end
 * alone, so it ends when we close ours: on purpose, or because we were killed.
 */
static pid_t start_holder(const int *pipe)
{
	struct clone_args args = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
	long pid = syscall(SYS_clone3, &args, sizeof(args));
	char nothing;

	if (pid != 0)
		return (pid_t)pid;
	close(pipe[1]);
	while (read(pipe[0], &nothing, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

static int open_namespace(pid_t pid, const struct idmap_plan *plan)
{
	char path[64];

	if (idmap_write(pid, plan))
		return err_code();
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	return fd_open(AT_FDCWD, path, O_RDONLY, 0);
}

int idmap_namespace(const struct idmap_plan *plan)
{
	int ends[2], fd;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(errno, "pipe");
	pid = start_holder(ends);
	fd = pid < 0 ? err_sys(errno, "clone a user namespace") : open_namespace(pid, plan);
	fd_close(ends[0]);
	fd_close(ends[1]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return fd;
}
