/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup - open, enter and remove the container's cgroup. */
#include "cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
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

/* One attempt; -EBUSY without a record when there are processes. */
static int remove_once(int parent, int fd, const char *path)
{
	int r = cgroupfs_remove_children(fd);

	if (r == -EBUSY)
		return r;
	if (r < 0)
		return err_while("%s", path);
	if (unlinkat(parent, path_name(path), AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno == EBUSY)
		return -EBUSY;
	return err_sys(errno, "remove cgroup %s", path);
}

int cgroup_remove(const char *path, int timeout_ms)
{
	struct deadline deadline = deadline_in(timeout_ms);
	_cleanup_close_ int fd = cgroupfs_open_path(path);
	_cleanup_close_ int parent = NO_FD;
	int r;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	parent = fd_open(fd, "..", O_RDONLY | O_DIRECTORY, 0);
	if (parent < 0)
		return parent;
	do {
		r = remove_once(parent, fd, path);
	} while (r == -EBUSY && deadline_nap(&deadline));
	if (r == -EBUSY)
		return err_sys(EBUSY, "remove cgroup %s", path);
	return r;
}

bool cgroup_was_oom_killed(const struct cgroup *cgroup)
{
	unsigned long long kills = 0;

	if (cgroup->fd < 0)
		return false;
	return cgroupfs_try_read_key(cgroup->fd, "memory.events", "oom_kill", &kills) == 0 &&
	       kills > 0;
}

void cgroup_close(struct cgroup *cgroup)
{
	fd_close(cgroup->fd);
	free(cgroup->path);
	*cgroup = (struct cgroup){ .fd = NO_FD };
}
