/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slot - what is in a container's directory: read, replace, remove. */
#include <assert.h>
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
#include "base/fd.h"
#include "base/mem.h"
#include "state/store.h"

#define RECORD_FILE "state.json"
#define CONFIG_FILE "config.json"
#define NAME_MAX_OURS 32

/* Directories in a container's directory that removing goes down into. */
#define NESTING_MAX 8

/* Bytes of entries that are listed at a time. */
#define LISTED 2048

/*
 * Nothing is flushed to a disk: what is written here is about processes, mounts and cgroups of this
 * boot, none of which outlives a crash of the machine.
 */
/* Returns the descriptor of what was written. */
static int write_file(int dir, const char *name, const char *bytes, size_t size)
{
	_cleanup_close_ int fd =
		fd_open(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return fd;
	if (fd_write_all(fd, bytes, size))
		return err_while("%s", name);
	return fd_take(&fd);
}

static int check_size(const char *name, size_t size)
{
	return size > RECORD_SIZE_MAX ? err_refuse("%s is too large: %zu bytes", name, size)
				      : 0;
}

/* Returns the descriptor of the new file. */
static int replace(int dir, const char *name, const char *bytes, size_t size)
{
	_cleanup_close_ int fd = NO_FD;
	char next[NAME_MAX_OURS];
	int r;

	snprintf(next, sizeof(next), "%s.next", name);
	r = check_size(name, size);
	if (r == 0)
		r = fd = write_file(dir, next, bytes, size);
	if (r >= 0 && renameat(dir, next, dir, name) < 0)
		r = err_sys(errno, "rename %s", next);
	if (r >= 0)
		return fd_take(&fd);
	unlinkat(dir, next, 0);
	return r;
}

static void forget_left(struct store_slot *slot)
{
	if (slot->left > 0)
		fd_close(slot->left);
	slot->left = 0;
}

int store_write(struct store_slot *slot, const struct record *record)
{
	struct oci_text text = { 0 };
	int fd;

	assert(slot->is_locked);
	forget_left(slot);
	record_encode(record, &text);
	fd = replace(slot->fd, RECORD_FILE, text.bytes, text.size);
	oci_text_release(&text);
	if (fd < 0)
		return err_while("write the state of container %s", slot->id);
	if (record->begun.is_set)
		slot->left = fd;
	else
		fd_close(fd);
	return 0;
}

/* Returns the record's file, NO_FD if it cannot be opened or does not begin as it should. */
static int open_to_begin(const struct store_slot *slot)
{
	static const char expected[] = "{\"begun\":0,";
	_cleanup_close_ int fd = fd_open(slot->fd, RECORD_FILE, O_RDWR | O_NOFOLLOW, 0);
	char found[sizeof(expected)];

	if (fd < 0)
		err_clear(); /* a new file says it, too */
	if (fd < 0 || pread(fd, found, sizeof(found), 0) != sizeof(found) ||
	    memcmp(found, expected, sizeof(expected) - 1) != 0)
		return NO_FD;
	return fd_take(&fd);
}

/* One byte is there or is not; and nobody else writes while we have the lock. */
int store_write_begun(struct store_slot *slot, struct record *record)
{
	assert(slot->is_locked);
	if (slot->left <= 0 && record->may_begin) {
		int fd = open_to_begin(slot);

		slot->left = fd < 0 ? 0 : fd;
	}
	if (slot->left <= 0)
		return store_write(slot, record);
	record->begun.value = 1;
	if (pwrite(slot->left, "1", 1, RECORD_BEGUN_AT) != 1)
		return err_sys(errno, "write the state of container %s", slot->id);
	return 0;
}

int store_write_config(const struct store_slot *slot, const char *bytes, size_t size)
{
	int fd;

	assert(slot->is_locked);
	/* Nobody reads it before there is a record, which is written later. */
	fd = check_size(CONFIG_FILE, size) ?: write_file(slot->fd, CONFIG_FILE, bytes, size);
	if (fd < 0)
		return err_while("save the configuration of container %s", slot->id);
	fd_close(fd);
	return 0;
}

/* A file that is open is not another one's inode later. */
int store_unlock(struct store_slot *slot)
{
	assert(slot->is_locked);
	if (slot->left <= 0)
		slot->left = fd_open(slot->fd, RECORD_FILE, O_PATH | O_NOFOLLOW, 0);
	if (slot->left < 0) {
		int code = slot->left;

		slot->left = 0;
		return code;
	}
	slot->is_locked = false;
	return flock(slot->fd, LOCK_UN) < 0 ? err_sys(errno, "unlock container %s", slot->id)
					    : 0;
}

bool store_is_as_left(const struct store_slot *slot)
{
	struct stat named, left;

	assert(slot->is_locked);
	return slot->left > 0 && fstat(slot->left, &left) == 0 &&
	       fstatat(slot->fd, RECORD_FILE, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       named.st_dev == left.st_dev && named.st_ino == left.st_ino;
}

/* What is known of a container whose record was never written, or is gone with it. */
static int read_nothing(const struct store_slot *slot, struct arena *arena,
			struct record *ret_record)
{
	struct stat about;

	if (fstatat(slot->parent, slot->id, &about, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return err_refuse("container does not exist");
	*ret_record = (struct record){
		.phase = RECORD_CREATING,
		.id = arena_text(arena, slot->id, strlen(slot->id)),
	};
	return 0;
}

static int read_bytes(int fd, char **ret_bytes, size_t *ret_size)
{
	_cleanup_free_ char *bytes = NULL;
	struct stat about;
	ssize_t n;

	if (fstat(fd, &about) < 0)
		return err_sys(errno, "stat");
	if (about.st_size > (off_t)RECORD_SIZE_MAX)
		return err_refuse("is too large");
	bytes = xcalloc((size_t)about.st_size + 1, 1);
	n = fd_read_sized(fd, bytes, (size_t)about.st_size);
	if (n == -EFBIG)
		return err_refuse("grew while it was read");
	if (n < 0)
		return (int)n;
	*ret_bytes = take(bytes);
	*ret_size = (size_t)n;
	return 0;
}

static int decode(const struct store_slot *slot, int fd, struct arena *arena,
		  struct record *ret_record)
{
	_cleanup_free_ char *bytes = NULL;
	struct record record = { 0 };
	size_t size = 0;

	if (read_bytes(fd, &bytes, &size))
		return err_while("%s", RECORD_FILE);
	if (record_decode(bytes, size, arena, &record))
		return -EINVAL;
	if (strcmp(record.id, slot->id) != 0)
		return err_refuse("%s: it is of container %s", RECORD_FILE, record.id);
	*ret_record = record;
	return 0;
}

int store_read(const struct store_slot *slot, struct arena *arena, struct record *ret_record)
{
	_cleanup_close_ int fd =
		openat(slot->fd, RECORD_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT)
		return read_nothing(slot, arena, ret_record);
	if (fd < 0)
		return err_sys(errno, "read the state of container %s: open %s", slot->id,
			       RECORD_FILE);
	if (decode(slot, fd, arena, ret_record))
		return err_while("read the state of container %s", slot->id);
	return 0;
}

int store_read_config(const struct store_slot *slot, char **ret_bytes, size_t *ret_size)
{
	_cleanup_close_ int fd =
		openat(slot->fd, CONFIG_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return err_sys(errno, "saved configuration of container %s", slot->id);
	if (read_bytes(fd, ret_bytes, ret_size))
		return err_while("saved configuration of container %s", slot->id);
	return 0;
}

int store_read_annotations(const struct store_slot *slot, struct arena *arena,
			   struct record *record)
{
	_cleanup_free_ char *bytes = NULL;
	struct oci_pairs annotations;
	size_t size;

	if (!record->has_annotations_aside.value || record->annotations.is_set)
		return 0;
	if (store_read_config(slot, &bytes, &size)) {
		if (faccessat(slot->fd, RECORD_FILE, F_OK, 0) == 0)
			return err_code();
		err_clear();
		return err_refuse("container does not exist"); /* it was deleted meanwhile */
	}
	if (record_decode_annotations(bytes, size, arena, &annotations))
		return err_while("saved configuration of container %s", slot->id);
	record->annotations = annotations;
	return 0;
}

/* What is read without a lock: see store_remove(). */
static bool is_kept_till_last(const char *name, int nesting)
{
	return nesting == 0 &&
	       (strcmp(name, RECORD_FILE) == 0 || strcmp(name, CONFIG_FILE) == 0);
}

static int empty(int dir, int nesting);

static int remove_entry(int dir, const char *name, int nesting)
{
	_cleanup_close_ int child = NO_FD;
	int r;

	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return err_sys(errno, "remove %s", name);
	if (nesting == NESTING_MAX)
		return err_sys(ELOOP, "remove %s", name);
	child = fd_open(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
	if (child < 0)
		return child;
	r = empty(child, nesting + 1);
	if (r < 0)
		return r;
	if (unlinkat(dir, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return err_sys(errno, "remove %s", name);
	return 0;
}

static int remove_listed(int dir, const char *entries, size_t size, int nesting)
{
	for (size_t at = 0; at < size;) {
		const struct dirent64 *entry = (const void *)(entries + at);
		const char *name = entry->d_name;

		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    !is_kept_till_last(name, nesting) && remove_entry(dir, name, nesting))
			return err_code();
		at += entry->d_reclen;
	}
	return 0;
}

/*
 * Remove all in DIR, at the top but for the record and what it refers to.  By getdents64(2): a
 * stream is five more calls.
 */
static int empty(int dir, int nesting)
{
	char entries[LISTED] __attribute__((aligned(8)));
	ssize_t size;

	if (lseek(dir, 0, SEEK_SET) < 0)
		return err_sys(errno, "list a directory");
	while ((size = getdents64(dir, (void *)entries, sizeof(entries))) > 0)
		if (remove_listed(dir, entries, (size_t)size, nesting))
			return err_code();
	return size < 0 ? err_sys(errno, "list a directory") : 0;
}

/*
 * The record goes before what it refers to, so that nobody finds it without that; and after all
 * else, so that one who was killed here has left it to `delete`.
 */
int store_remove(struct store_slot *slot)
{
	int r;

	assert(slot->is_locked);
	r = empty(slot->fd, 0);
	if (r == 0)
		r = remove_entry(slot->fd, RECORD_FILE, 0);
	if (r == 0)
		r = remove_entry(slot->fd, CONFIG_FILE, 0);
	if (r == 0 && unlinkat(slot->parent, slot->id, AT_REMOVEDIR) < 0 && errno != ENOENT)
		r = err_sys(errno, "remove its directory");
	if (r < 0)
		return err_while("remove the state of container %s", slot->id);
	store_release(slot);
	return 0;
}
