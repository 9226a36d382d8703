/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup - open, enter and remove the container's cgroup. */
#include "cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/path.h"
#include "cgroup/cgroupfs.h"
#include "kernel/deadline.h"

/* /proc/PID/cgroup has a line for each hierarchy. */
#define CGROUP_FILE_MAX 16384

int cgroup_open(const char *path, uint64_t id, struct cgroup *ret_cgroup)
{
	_cleanup_close_ int fd = cgroupfs_open_path(path);
	struct stat about;

	*ret_cgroup = (struct cgroup){ .fd = NO_FD };
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	if (fstat(fd, &about) < 0)
		return err_sys(errno, "stat %s", path);
	if (id != 0 && about.st_ino != id)
		return 0;
	ret_cgroup->fd = fd_take(&fd);
	ret_cgroup->path = xstrdup(path);
	ret_cgroup->id = about.st_ino;
	return 0;
}

static bool leads_out(const char *path)
{
	for (const char *at = path; *at; at += strspn(at, "/")) {
		size_t length = strcspn(at, "/");

		if (length == 2 && at[0] == '.' && at[1] == '.')
			return true;
		at += length;
	}
	return false;
}

int cgroup_open_below(const struct cgroup *parent, const char *path, struct cgroup *ret_cgroup)
{
	const char *inside = path + strspn(path, "/");
	_cleanup_close_ int fd = NO_FD;
	struct stat about;

	*ret_cgroup = (struct cgroup){ .fd = NO_FD };
	if (leads_out(path))
		return err_refuse("bad sub cgroup path: %s", path);
	fd = cgroupfs_open_child(parent->fd, *inside ? inside : ".");
	if (fd < 0)
		return fd;
	if (fstat(fd, &about) < 0)
		return err_sys(errno, "stat cgroup %s", path);
	*ret_cgroup = (struct cgroup){
		.fd = fd_take(&fd),
		.path = xprintf("%s/%s", parent->path, inside),
		.id = about.st_ino,
	};
	return 0;
}

int cgroup_open_of(const char *mount, pid_t pid, struct cgroup *ret_cgroup)
{
	_cleanup_free_ char *text = xcalloc(CGROUP_FILE_MAX, 1);
	_cleanup_free_ char *path = NULL;
	char name[32];
	const char *line;

	*ret_cgroup = (struct cgroup){ .fd = NO_FD };
	snprintf(name, sizeof(name), "/proc/%d/cgroup", (int)pid);
	if (fd_read_file(AT_FDCWD, name, text, CGROUP_FILE_MAX) < 0)
		return err_code();
	line = strncmp(text, "0::/", 4) == 0 ? text : strstr(text, "\n0::/");
	if (!line)
		return err_refuse("%s: no cgroup v2", name);
	line = strchr(line, '/');
	path = xprintf("%s%.*s", mount, (int)strcspn(line, "\n"), line);
	return cgroup_open(path, 0, ret_cgroup);
}

/* Returns 0, or -EBUSY without a record when there are processes or children, or a failure. */
static int remove_alone(int parent, const char *path)
{
	if (unlinkat(parent, path_name(path), AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno == EBUSY)
		return -EBUSY;
	return err_sys(errno, "remove cgroup %s", path);
}

/* One attempt; -EBUSY without a record when there are processes. Most have no children. */
static int remove_once(int parent, int fd, const char *path)
{
	int r = remove_alone(parent, path);

	if (r != -EBUSY)
		return r;
	r = cgroupfs_remove_children(fd);
	if (r == -EBUSY)
		return r;
	return r < 0 ? err_while("%s", path) : remove_alone(parent, path);
}

static int open_parent(int fd)
{
	return fd_open(fd, "..", O_PATH | O_DIRECTORY, 0);
}

bool cgroup_remove_empty(const struct cgroup *cgroup)
{
	_cleanup_close_ int parent = openat(cgroup->fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return parent >= 0 && unlinkat(parent, path_name(cgroup->path), AT_REMOVEDIR) == 0;
}

int cgroup_remove(const struct cgroup *cgroup, int timeout_ms)
{
	struct deadline deadline = deadline_in(timeout_ms);
	_cleanup_close_ int parent = NO_FD;
	int r;

	if (cgroup->fd < 0)
		return 0;
	parent = open_parent(cgroup->fd);
	if (parent < 0)
		return parent;
	do {
		r = remove_once(parent, cgroup->fd, cgroup->path);
	} while (r == -EBUSY && deadline_nap(&deadline));
	if (r == -EBUSY)
		return err_sys(EBUSY, "remove cgroup %s", cgroup->path);
	return r;
}

/* Returns 0 and how often, or -errno without a record. */
static int read_event(int fd, const char *event, unsigned long long *ret_times)
{
	if (fd < 0)
		return -ENOENT;
	return cgroupfs_try_read_key(fd, "memory.events", event, ret_times);
}

static bool has_happened(const struct cgroup *cgroup, const char *event)
{
	unsigned long long times = 0;

	return read_event(cgroup->fd, event, &times) == 0 && times > 0;
}

static int read_kills_above(const struct cgroup *cgroup, unsigned long long *ret_times)
{
	_cleanup_close_ int parent = openat(cgroup->fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return read_event(parent, "oom_kill", ret_times);
}

void cgroup_count_kills_above(struct cgroup *cgroup)
{
	cgroup->counts_above = read_kills_above(cgroup, &cgroup->kills_above) == 0;
}

static bool was_killed_above(const struct cgroup *cgroup)
{
	unsigned long long times = 0;

	return cgroup->counts_above && read_kills_above(cgroup, &times) == 0 &&
	       times > cgroup->kills_above;
}

int cgroup_remove_unused(const char *path, int timeout_ms)
{
	struct deadline deadline = deadline_in(timeout_ms);
	_cleanup_close_ int fd = cgroupfs_open_path(path);
	_cleanup_close_ int parent = NO_FD;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	parent = open_parent(fd);
	if (parent < 0)
		return parent;
	while (unlinkat(parent, path_name(path), AT_REMOVEDIR) < 0 && errno == EBUSY)
		if (!deadline_nap(&deadline))
			break;
	return 0;
}

bool cgroup_was_oom_killed(const struct cgroup *cgroup)
{
	unsigned long long times = 0;
	int r = read_event(cgroup->fd, "oom_kill", &times);

	return r == 0 ? times > 0 : was_killed_above(cgroup);
}

bool cgroup_ran_out_of_memory(const struct cgroup *cgroup)
{
	return has_happened(cgroup, "oom");
}

void cgroup_close(struct cgroup *cgroup)
{
	fd_close(cgroup->fd);
	free(cgroup->path);
	*cgroup = (struct cgroup){ .fd = NO_FD };
}
