/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store - the state directory: one directory and one record for each container. */
#include "state/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "kernel/deadline.h"

/* A directory that was made this moment is locked by nobody for longer. */
#define RESERVE_LOCK_MS 5000

int store_check_id(const char *id)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-.";
	size_t length = strlen(id);

	if (length == 0 || length > STORE_ID_MAX || strspn(id, letters) != length ||
	    strcmp(id, ".") == 0 || strcmp(id, "..") == 0)
		return err_refuse("invalid container ID format: \"%.200s\"", id);
	return 0;
}

/* ROOT without slashes at its end: behind one, a symlink would be followed. */
static int copy_root(const char *root, char **ret_path)
{
	size_t length = strlen(root);

	while (length > 0 && root[length - 1] == '/')
		length--;
	if (length == 0)
		return err_refuse("\"%s\" cannot be the state directory", root);
	*ret_path = xstrndup(root, length);
	return 0;
}

static int make_all(char *path)
{
	for (char *slash = path; slash; *slash = '/') {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		if (mkdir(path, 0700) < 0 && errno != EEXIST) {
			/* A parent on a read-only file system, say, that is there already. */
			int code = errno;

			if (access(path, F_OK) < 0)
				return err_sys(code, "mkdir %s", path);
		}
		if (!slash)
			break;
	}
	return 0;
}

/* What is in it is believed, so nobody else may have written it. */
static int check_root(int fd, const char *path)
{
	struct stat about;

	if (fstat(fd, &about) < 0)
		return err_sys(errno, "stat %s", path);
	if (about.st_uid != geteuid())
		return err_refuse("the state directory %s belongs to user %u, not to us (%u)",
				  path, about.st_uid, geteuid());
	if (about.st_mode & 022)
		return err_refuse("others may write to the state directory %s (mode %03o)",
				  path, about.st_mode & 07777);
	return 0;
}

/* Returns 0, or -ENOENT without a record, or a failure. */
static int open_root(const char *path, struct store *ret_store)
{
	_cleanup_close_ int fd =
		openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int r;

	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0)
		return err_sys(errno, "open the state directory %s", path);
	r = check_root(fd, path);
	if (r < 0)
		return r;
	ret_store->fd = fd_take(&fd);
	return 0;
}

static int open_store(const char *root, bool is_made, struct store *ret_store)
{
	_cleanup_free_ char *path = NULL;
	int r = copy_root(root, &path);

	ret_store->fd = NO_FD;
	if (r < 0)
		return r;
	r = open_root(path, ret_store);
	if (r != -ENOENT)
		return r;
	if (!is_made)
		return 0;
	r = make_all(path);
	if (r < 0)
		return r;
	r = open_root(path, ret_store);
	return r == -ENOENT ? err_sys(ENOENT, "open the state directory %s", path) : r;
}

int store_open(const char *root, struct store *ret_store)
{
	return open_store(root, true, ret_store);
}

int store_find(const char *root, struct store *ret_store)
{
	return open_store(root, false, ret_store);
}

int store_open_cache(const struct store *store, const char *name, int *ret_fd)
{
	char directory[64];
	int fd;

	snprintf(directory, sizeof(directory), "cache:%s", name);
	if (mkdirat(store->fd, directory, 0700) < 0 && errno != EEXIST)
		return err_sys(errno, "make %s in the state directory", directory);
	fd = openat(store->fd, directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(errno, "open %s in the state directory", directory);
	*ret_fd = fd;
	return 0;
}

void store_close(struct store *store)
{
	fd_close(store->fd);
	store->fd = NO_FD;
}

static int compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* True for what may be a container's directory. */
static bool is_container(int root, const struct dirent *entry)
{
	struct stat about;

	if (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN)
		return false;
	if (store_check_id(entry->d_name)) {
		err_clear();
		return false;
	}
	return entry->d_type == DT_DIR ||
	       (fstatat(root, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISDIR(about.st_mode));
}

int store_list(const struct store *store, char ***ret_ids)
{
	int copy = store->fd < 0 ? NO_FD : openat(store->fd, ".", O_RDONLY | O_CLOEXEC);
	char **ids = xcalloc(1, sizeof(*ids));
	struct dirent *entry;
	size_t count = 0;
	DIR *stream;

	*ret_ids = ids;
	if (store->fd < 0)
		return 0;
	stream = copy < 0 ? NULL : fdopendir(copy);
	if (!stream) {
		fd_close(copy);
		return err_sys(errno, "list the state directory");
	}
	while ((entry = readdir(stream))) {
		if (!is_container(store->fd, entry))
			continue;
		ids = xreallocarray(ids, count + 2, sizeof(*ids));
		ids[count++] = xstrdup(entry->d_name);
		ids[count] = NULL;
	}
	closedir(stream);
	qsort(ids, count, sizeof(*ids), compare);
	*ret_ids = ids;
	return 0;
}

/* Fill the slot with the directory ID, if there is one. */
static int open_slot(int root, const char *id, struct store_slot *ret_slot)
{
	struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };

	*ret_slot = slot;
	slot.fd = openat(root, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (slot.fd < 0 && errno == ENOENT)
		return 0;
	if (slot.fd < 0)
		return err_sys(errno, "open the state of container %s", id);
	slot.parent = root;
	slot.id = xstrdup(id);
	*ret_slot = slot;
	return 0;
}

int store_get(const struct store *store, const char *id, struct store_slot *ret_slot)
{
	*ret_slot = (struct store_slot){ .fd = NO_FD, .parent = NO_FD };
	if (store_check_id(id))
		return -EINVAL;
	return store->fd < 0 ? 0 : open_slot(store->fd, id, ret_slot);
}

int store_get_alone(struct store *store, const char *id, struct store_slot *ret_slot)
{
	int r = store_get(store, id, ret_slot);

	if (ret_slot->fd < 0)
		return r;
	ret_slot->parent = fd_take(&store->fd);
	ret_slot->owns_parent = true;
	return 0;
}

/* The directory may have been removed, and even another made, since it was opened. */
static bool is_still_there(const struct store_slot *slot)
{
	struct stat named;
	struct stat held;

	return fstatat(slot->parent, slot->id, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstat(slot->fd, &held) == 0 && named.st_dev == held.st_dev &&
	       named.st_ino == held.st_ino;
}

/*
 * The lock is on the directory itself, so there is no lock file that could be
 * made in a directory that is being removed.
 */
int store_lock(struct store_slot *slot, int timeout_ms)
{
	struct deadline deadline = deadline_in(timeout_ms);

	while (flock(slot->fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return err_sys(errno, "lock container %s", slot->id);
		if (!deadline_nap(&deadline))
			return err_refuse("container %s is busy: another command has not "
					  "finished with it",
					  slot->id);
	}
	slot->is_locked = true;
	if (!is_still_there(slot))
		store_release(slot);
	return 0;
}

int store_reserve(const struct store *store, const char *id, struct store_slot *ret_slot)
{
	int r;

	*ret_slot = (struct store_slot){ .fd = NO_FD, .parent = NO_FD };
	if (store_check_id(id))
		return -EINVAL;
	if (mkdirat(store->fd, id, 0700) < 0) {
		if (errno == EEXIST)
			return err_refuse("container with given ID already exists");
		return err_sys(errno, "reserve container ID %s", id);
	}
	r = open_slot(store->fd, id, ret_slot);
	if (r < 0) /* out of descriptors: it is empty, and nobody has it but us */
		unlinkat(store->fd, id, AT_REMOVEDIR);
	else if (ret_slot->fd >= 0)
		r = store_lock(ret_slot, RESERVE_LOCK_MS);
	if (r < 0) {
		store_release(ret_slot);
		return r;
	}
	if (ret_slot->fd < 0)
		return err_refuse("container %s was deleted while it was created", id);
	return 0;
}

int store_owner(const struct store_slot *slot, uid_t *ret_owner)
{
	struct stat about;

	if (fstat(slot->fd, &about) < 0)
		return err_sys(errno, "stat the state of container %s", slot->id);
	*ret_owner = about.st_uid;
	return 0;
}

void store_release(struct store_slot *slot)
{
	fd_close(slot->fd);
	if (slot->owns_parent)
		fd_close(slot->parent);
	if (slot->left > 0)
		fd_close(slot->left);
	free(slot->id);
	*slot = (struct store_slot){ .fd = NO_FD, .parent = NO_FD };
}
