/* SPDX-License-Identifier: GPL-2.0-or-later */
/* store - the state directory: one directory and one record for each container. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fd.h"
#include "libocispec/arena.h"
#include "state/record.h"

/* All that is done here goes by descriptors, so the paths may be of any length. */
struct store {
	int fd; /* NO_FD: there is no such directory */
};

/*
 * Open the directory ROOT, making it and those above it (0700).  It must be
 * ours, not a symlink, and nobody else may write to it.
 */
int store_open(const char *root, struct store *ret_store);

/* The same without making it: when it is missing, the result is 0 and an empty store. */
int store_find(const char *root, struct store *ret_store);

/*
 * Open the directory of the store where NAME keeps what it can do without, for
 * instance "cache:seccomp"; it is made when it is missing.  No container can have
 * such an id, so it is in nobody's way.
 */
int store_open_cache(const struct store *store, const char *name, int *ret_fd);

void store_close(struct store *store);
#define _cleanup_store_ _cleanup_(store_close)

#define STORE_ID_MAX 1024 /* a longer id is refused; the file system's limit is 255 */

/* "invalid container ID format: ..." for all but [A-Za-z0-9_+.-]+ without "." and "..". */
int store_check_id(const char *id);

/* The ids of all containers, sorted, NULL at the end; foreign names are left out. */
int store_list(const struct store *store, char ***ret_ids);

/* A container's directory. */
struct store_slot {
	int fd;     /* NO_FD: there is none */
	int parent; /* the store's */
	bool owns_parent;
	bool is_locked;
	int left; /* the record as we wrote, began or store_unlock() left it; 0: not looked at */
	char *id;
};

/*
 * Make the directory of a new container and lock it: of all who try, one wins,
 * the others get "container with given ID already exists".  The lock is held
 * until store_release() or the end of the process.
 */
int store_reserve(const struct store *store, const char *id, struct store_slot *ret_slot);

/*
 * Open a container's directory, unlocked.  No such container: 0, and fd is NO_FD.  The store must
 * be open for as long as the slot of this or store_reserve() is.
 */
int store_get(const struct store *store, const char *id, struct store_slot *ret_slot);

/* The same, and the store is closed with the slot: for who has no other use for it. */
int store_get_alone(struct store *store, const char *id, struct store_slot *ret_slot);

/*
 * Wait until nobody else holds the lock, for TIMEOUT_MS at most.  When the
 * container was deleted meanwhile the slot becomes an empty one (fd NO_FD).
 */
int store_lock(struct store_slot *slot, int timeout_ms);

/* Let others have the lock, and remember which record they find. */
int store_unlock(struct store_slot *slot);

/* Is the record still the one that store_unlock() left? The lock must be held again. */
bool store_is_as_left(const struct store_slot *slot);

/* Replace the record by RECORD in one go; the lock must be held. */
int store_write(struct store_slot *slot, const struct record *record);

/*
 * RECORD, as it was written last, is of a container that runs now: its phase is RECORD_RUNNING,
 * which the caller has set.  Where it has a `begun`, or was read with one, this is one byte in the
 * file.  The lock must be held.
 */
int store_write_begun(struct store_slot *slot, struct record *record);

/*
 * Read the record, without a lock.  A directory without a record, which a killed
 * `create` leaves, gives a record of phase RECORD_CREATING that has only an id: record_is_empty().
 */
int store_read(const struct store_slot *slot, struct arena *arena, struct record *ret_record);

/*
 * Keep SIZE bytes of config.json as they were when the container was created: what exec goes
 * by, whatever has become of the bundle, and where many annotations are.  The lock must be held.
 */
int store_write_config(const struct store_slot *slot, const char *bytes, size_t size);

/* Read it back, without a lock; the caller frees *ret_bytes. */
int store_read_config(const struct store_slot *slot, char **ret_bytes, size_t *ret_size);

/*
 * The annotations of RECORD, which store_read() has read from SLOT, if they are not in the
 * record itself; who does not need them need not read them.  They live in ARENA.
 */
int store_read_annotations(const struct store_slot *slot, struct arena *arena,
			   struct record *record);

/* Remove the directory and all that is in it; the lock must be held.  Closes the slot. */
int store_remove(struct store_slot *slot);

/* The user who owns the directory. */
int store_owner(const struct store_slot *slot, uid_t *ret_owner);

void store_release(struct store_slot *slot);
#define _cleanup_slot_ _cleanup_(store_release)
