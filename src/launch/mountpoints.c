/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountpoints - the places in a root file system where CRIU is going to mount. */
#include "launch/mountpoints.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "kernel/target.h"

static const struct block_mount *mount_at(const struct plan *plan, size_t index)
{
	return &LIST_OF(plan->init, plan->init->mounts, struct block_mount)[index];
}

/* The mount before INDEX that PATH is in; NULL: the root file system. */
static const struct block_mount *find_cover(const struct plan *plan, size_t index,
					    const char *path)
{
	while (index-- > 0) {
		const struct block_mount *mount = mount_at(plan, index);
		const char *place = block_string(plan->init, mount->destination);

		if (mount->kind <= MOUNT_CGROUP && path_is_below(path, place))
			return mount;
	}
	return NULL;
}

static enum target_kind kind_of(const struct plan *plan, const struct block_mount *mount)
{
	struct stat about;

	if (mount->kind != MOUNT_BIND ||
	    stat(block_string(plan->init, mount->source), &about) < 0)
		return TARGET_DIRECTORY;
	return S_ISDIR(about.st_mode) ? TARGET_DIRECTORY : TARGET_FILE;
}

static int make_in(const char *root, const char *path, enum target_kind kind)
{
	_cleanup_close_ int fd = fd_open(AT_FDCWD, root, O_PATH | O_DIRECTORY, 0);
	_cleanup_close_ int made = NO_FD;

	if (fd < 0)
		return fd;
	made = target_open(fd, path, kind, NULL);
	return made < 0 ? made : 0;
}

static int make(const struct plan *plan, size_t index)
{
	const struct block_mount *mount = mount_at(plan, index);
	const char *path = block_string(plan->init, mount->destination);
	const struct block_mount *cover = find_cover(plan, index, path);
	enum target_kind kind = kind_of(plan, mount);
	const char *place;

	if (!cover)
		return make_in(plan->rootfs, path, kind);
	place = block_string(plan->init, cover->destination);
	if (cover->kind != MOUNT_BIND || strcmp(place, path) == 0)
		return 0;
	return make_in(block_string(plan->init, cover->source), path + strlen(place), kind);
}

int mountpoints_make(const struct plan *plan)
{
	for (size_t i = 0; i < plan->init->mounts.count; i++) {
		const struct block_mount *mount = mount_at(plan, i);

		if (mount->kind <= MOUNT_CGROUP && make(plan, i))
			return err_while("%s", block_string(plan->init, mount->origin));
	}
	return 0;
}
