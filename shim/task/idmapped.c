/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idmapped - mounts whose files belong to others than on disk, mount_setattr(2). */
#include "shim/task/idmapped.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/number.h"
#include "kernel/idmap.h"
#include "kernel/mountfd.h"

#define MAPS_MAX 340 /* of a user namespace, user_namespaces(7) */

static int parse_number(char **rest, uint32_t *ret)
{
	const char *word = strsep(rest, ":");
	uint64_t number;

	if (!word || number_u64(word, UINT32_MAX, &number) < 0)
		return -EINVAL;
	*ret = (uint32_t)number;
	return 0;
}

/* The caller frees *RET_MAPS. */
static int parse_maps(const char *name, const char *text, struct idmap **ret_maps,
		      size_t *ret_count)
{
	_cleanup_free_ char *copy = xstrdup(text);
	_cleanup_free_ struct idmap *maps = xcalloc(MAPS_MAX, sizeof(*maps));
	char *rest = copy, *word;
	size_t count = 0;

	while ((word = strsep(&rest, ",")) && count < MAPS_MAX) {
		struct idmap *map = &maps[count++];

		if (parse_number(&word, &map->container) || parse_number(&word, &map->host) ||
		    parse_number(&word, &map->size) || word || map->size == 0)
			return err_refuse("%s=%s: not CONTAINER:HOST:SIZE", name, text);
	}
	if (word)
		return err_refuse("%s: more than %d maps", name, MAPS_MAX);
	*ret_maps = take(maps);
	*ret_count = count;
	return 0;
}

int idmapped_namespace(const char *uids, const char *gids)
{
	_cleanup_free_ struct idmap *uid_maps = NULL, *gid_maps = NULL;
	struct idmap_plan plan = { .prefix = "the mount's " };

	if (parse_maps("uidmap", uids, &uid_maps, &plan.uid_count) ||
	    parse_maps("gidmap", gids, &gid_maps, &plan.gid_count))
		return err_code();
	plan.uids = uid_maps;
	plan.gids = gid_maps;
	return idmap_namespace(&plan);
}

static int attach(int mount, const char *target)
{
	_cleanup_close_ int place = fd_open(AT_FDCWD, target, O_PATH, 0);

	return place < 0 ? place : mountfd_attach(mount, place);
}

/* Only what is not attached can be mapped: it is a copy, which takes the place of the first. */
int idmapped_replace(const char *target, int userns, bool is_recursive)
{
	_cleanup_close_ int copy = mountfd_clone(AT_FDCWD, target, is_recursive);

	if (copy < 0)
		return copy;
	if (mountfd_idmap(copy, userns, is_recursive))
		return err_code();
	if (sys_umount(target, UMOUNT_DETACH) < 0)
		return err_sys(errno, "unmount %s", target);
	return attach(copy, target);
}

/* Over each of them lies what it is, mapped. */
static int cover_lower(const char *data, int userns)
{
	static const char key[] = "lowerdir=";
	const char *at =
		strncmp(data, key, strlen(key)) == 0 ? data : strstr(data, ",lowerdir=");
	_cleanup_free_ char *list = NULL;
	char *rest, *path;

	if (!at)
		return err_refuse("an overlay without lower directories cannot be mapped");
	at = strchr(at, '=') + 1;
	rest = list = xstrndup(at, strcspn(at, ","));
	if (strchr(list, '\\'))
		return err_refuse("mapped lower directories with a backslash");
	while ((path = strsep(&rest, ":"))) {
		_cleanup_close_ int copy = mountfd_clone(AT_FDCWD, path, false);

		if (copy < 0)
			return copy;
		if (mountfd_idmap(copy, userns, false) || attach(copy, path))
			return err_while("lower directory %s", path);
	}
	return 0;
}

int idmapped_enter(struct idmapped_stage *stage, const char *data, int userns)
{
	_cleanup_close_ int home = fd_open(AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY, 0);
	_cleanup_close_ int root = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);

	if (home < 0 || root < 0)
		return err_code();
	if (unshare(CLONE_NEWNS) < 0)
		return err_sys(errno, "make a mount namespace");
	if (sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return err_sys(errno, "make / private");
	*stage = (struct idmapped_stage){ true, fd_take(&home), fd_take(&root) };
	return cover_lower(data, userns);
}

static int go_home(struct idmapped_stage *stage)
{
	_cleanup_close_ int home = stage->home, root = stage->root;

	*stage = (struct idmapped_stage){ 0 };
	if (setns(home, CLONE_NEWNS) < 0)
		return err_sys(errno, "go back to our mount namespace");
	if (fchdir(root) < 0 || chroot(".") < 0)
		return err_sys(errno, "go back to our root");
	return 0;
}

int idmapped_return(struct idmapped_stage *stage, const char *from, const char *target)
{
	_cleanup_close_ int copy = NO_FD;

	if (!stage->is_away)
		return 0;
	copy = mountfd_clone(AT_FDCWD, from, false);
	if (copy < 0)
		return copy;
	return go_home(stage) ? err_code() : attach(copy, target);
}
