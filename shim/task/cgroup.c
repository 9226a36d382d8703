/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup - where a process is in cgroup v2. */
#include "shim/task/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"

#define MOUNTED "/sys/fs/cgroup"

const char *cgroup_root(void)
{
	static const char *const places[] = { MOUNTED, MOUNTED "/unified" };
	struct statfs status;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (statfs(places[i], &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC)
			return places[i];
	return "";
}

char *cgroup_of(pid_t pid)
{
	char path[64], text[8192], *line;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
	if (fd_read_file(AT_FDCWD, path, text, sizeof(text)) < 0) {
		err_clear();
		return NULL;
	}
	line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!line || !*cgroup_root())
		return NULL;
	line = strchr(line, '/');
	if (!line)
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	return line[1] ? xprintf("%s%s", cgroup_root(), line) : NULL;
}

static int enter(const char *hierarchy, const char *name, pid_t pid)
{
	_cleanup_free_ char *folder = xprintf("%s/%s", hierarchy, name);
	_cleanup_free_ char *file = xprintf("%s/cgroup.procs", folder);
	char text[16];

	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		return err_sys(errno, "mkdir %s", folder);
	snprintf(text, sizeof(text), "%d", (int)pid);
	return fd_write_file(AT_FDCWD, file, text);
}

/* Hierarchies are folders; their aliases ("cpu") are symlinks. */
static int enter_all(const char *name, pid_t pid)
{
	DIR *folder = opendir(MOUNTED);
	int r = folder ? 0 : err_sys(errno, "open " MOUNTED);

	for (struct dirent *entry; r == 0 && (entry = readdir(folder));) {
		_cleanup_free_ char *hierarchy = xprintf(MOUNTED "/%s", entry->d_name);

		if (entry->d_name[0] != '.' && entry->d_type == DT_DIR)
			r = enter(hierarchy, name, pid);
	}
	if (folder)
		closedir(folder);
	return r;
}

int cgroup_enter(const char *name, pid_t pid)
{
	const char *root = cgroup_root();

	if (strcmp(root, MOUNTED) == 0)
		return enter(root, name, pid);
	return enter_all(name, pid);
}
