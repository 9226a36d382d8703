/* SPDX-License-Identifier: GPL-2.0-or-later */
/* delete - take a container away, whatever is left of it. */
#include "container/delete.h"

#include <errno.h>
#include <signal.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "cgroup/unit.h"
#include "container/matching.h"
#include "container/network.h"
#include "container/recorded.h"
#include "container/state.h"
#include "hooks/hook.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"
#include "resctrl/resctrl.h"
#include "state/liveness.h"

/* How long killed processes may take to end, and their cgroup to become empty. */
#define END_MS 10000

/* How long an init that nobody recorded may take to end with its parent. */
#define UNUSED_MS 1000

/* How long --force waits for another command before it ends what that may be waiting for. */
#define PATIENCE_MS 1000

static int refuse_missing(void)
{
	return err_refuse("container does not exist");
}

/* What a container that was given no rights over its cgroup cannot do is left to its init's end. */
static int kill_cgroup(const struct record *record, const struct cgroup *cgroup)
{
	int r = cgroup_kill(cgroup, END_MS);

	if ((r == -EACCES || r == -EPERM) && record->is_rootless.value) {
		err_clear();
		return 0;
	}
	return r;
}

/* Kill init and all that is in the cgroup, and see them gone. */
static int end_processes(const struct record *record, const struct cgroup *cgroup)
{
	_cleanup_close_ int pidfd = NO_FD;
	int liveness = liveness_open(record, &pidfd);
	int r;

	if (liveness < 0)
		return liveness;
	if (liveness == LIVENESS_ALIVE && sys_pidfd_send_signal(pidfd, SIGKILL) < 0 &&
	    errno != ESRCH)
		return err_sys(errno, "kill the container's init");
	r = kill_cgroup(record, cgroup);
	if (r < 0)
		return r;
	if (pidfd >= 0 && !pidfd_has_ended(pidfd, END_MS))
		return err_refuse("container init still running");
	return 0;
}

/*
 * The recorded cgroup goes when it is the recorded one; one that was about to be
 * made, and has no id yet, when there is nobody in it.
 */
static int remove_cgroup(const struct record *record, const struct cgroup *cgroup)
{
	int r = liveness_is_of_this_boot(record);

	if (r <= 0 || !record->cgroup)
		return r < 0 ? r : 0;
	if (!record->cgroup_id.is_set)
		return cgroup_remove_unused(record->cgroup, UNUSED_MS);
	return cgroup_remove(cgroup, END_MS);
}

/*
 * A unit whose cgroup was not recorded had init alone in it, and ended with it.  One whose cgroup is
 * no longer there has ended, and another one of its name may have begun.
 */
static int remove_unit(const struct record *record, const struct cgroup *cgroup)
{
	if (!record->unit || !record->cgroup_id.is_set || cgroup->fd < 0)
		return 0;
	return unit_stop(record->unit, record->is_rootless.value);
}

/* Monitoring first: its directory is within the group's. */
static int remove_resctrl(const struct record *record)
{
	int r = liveness_is_of_this_boot(record);

	if (r <= 0)
		return r;
	if (record->resctrl_monitor && resctrl_remove(record->resctrl_monitor))
		return err_code();
	if (!record->resctrl || !record->is_resctrl_made.value)
		return 0;
	return resctrl_remove(record->resctrl);
}

/* Most have nobody in it any more, and the kernel says so at once; what stays is for later. */
static void remove_empty_cgroup(const struct record *record, struct cgroup *cgroup)
{
	if (cgroup->fd >= 0 && !record->unit && cgroup_remove_empty(cgroup))
		cgroup_close(cgroup);
}

static int release_resources(const struct record *record)
{
	struct cgroup cgroup;
	int r = container_cgroup(record, &cgroup);

	if (r == 0)
		r = network_return(record);
	if (r == 0)
		remove_empty_cgroup(record, &cgroup);
	if (r == 0)
		r = end_processes(record, &cgroup);
	if (r == 0)
		r = remove_unit(record, &cgroup);
	if (r == 0)
		r = remove_cgroup(record, &cgroup);
	if (r == 0)
		r = remove_resctrl(record);
	cgroup_close(&cgroup);
	return r;
}

/* Hooks clean up: better without annotations than not at all. */
static void read_annotations(const struct store_slot *slot, struct arena *arena,
			     struct record *record)
{
	if (store_read_annotations(slot, arena, record) == 0)
		return;
	log_warning("poststop hooks are told no annotations: %s", err_last()->text);
	err_clear();
	record->annotations.is_set = true;
}

/* "poststop ... after the container is deleted but before the delete operation returns". */
static void run_poststop(const struct store_slot *slot, const struct record *record)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct record described = *record;
	struct oci_text state = { 0 };
	struct hook_list hooks;

	if (!record->hooks || record->hooks->poststop.count == 0)
		return;
	read_annotations(slot, &arena, &described);
	recorded_hooks(&record->hooks->poststop, "poststop", &arena, &hooks);
	recorded_outputs(&described, &arena, &hooks);
	recorded_state(&described, OCI_STATUS_STOPPED, 0, &state);
	hooks_run_all(&hooks, record->bundle ? record->bundle : "/", state.bytes);
	oci_text_release(&state);
}

int container_cleanup(struct store_slot *slot, const struct record *record)
{
	int r = release_resources(record);

	if (r < 0)
		return err_while("delete container %s", slot->id);
	run_poststop(slot, record);
	return store_remove(slot);
}

/* A record that nobody can read names nothing that could be looked for. */
static int remove_unreadable(struct store_slot *slot)
{
	char text[ERR_TEXT_MAX];

	err_text(err_last(), text, sizeof(text));
	err_clear();
	log_warning("%s: only its directory is removed", text);
	return store_remove(slot);
}

/* Left by a `create` that was killed before its first record: there is nothing else yet. */
static int remove_empty(struct store_slot *slot, bool is_forced)
{
	int r = store_remove(slot);

	if (r < 0)
		return r;
	return is_forced ? 0 : refuse_missing();
}

static int delete_locked(struct store_slot *slot, bool is_forced)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct record record;
	int status;
	int r = store_read(slot, &arena, &record);

	if (r < 0)
		return is_forced ? remove_unreadable(slot) : r;
	if (record_is_empty(&record))
		return remove_empty(slot, is_forced);
	status = container_status(&record);
	if (status < 0)
		return status;
	if (!is_forced && status != OCI_STATUS_STOPPED && status != OCI_STATUS_CREATED)
		return err_refuse("cannot delete container %s that is not stopped: %s",
				  slot->id, oci_status_words[status]);
	return container_cleanup(slot, &record);
}

/*
 * Who holds the lock waits for init, perhaps: a `start` whose hook or program does not come on
 * ends when init does.  A container without one, or that cannot be read, is as it is.
 */
static void kill_init_unlocked(const struct store_slot *slot)
{
	_cleanup_arena_ struct arena arena = { 0 };
	_cleanup_close_ int pidfd = NO_FD;
	struct record record;

	if (store_read(slot, &arena, &record) == 0 &&
	    liveness_open(&record, &pidfd) == LIVENESS_ALIVE)
		sys_pidfd_send_signal(pidfd, SIGKILL);
	err_clear();
}

static int lock(struct store_slot *slot, bool is_forced)
{
	if (!is_forced)
		return store_lock(slot, CONTAINER_LOCK_MS);
	if (store_lock(slot, PATIENCE_MS) == 0)
		return 0;
	err_clear();
	kill_init_unlocked(slot);
	return store_lock(slot, CONTAINER_LOCK_MS);
}

int container_delete(const struct runtime *runtime, const char *id, bool is_forced)
{
	_cleanup_store_ struct store store = { .fd = NO_FD };
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	int r = store_check_id(id);

	if (r == 0)
		r = store_find(runtime->root, &store);
	if (r == 0)
		r = store_get(&store, id, &slot);
	if (r == 0 && slot.fd >= 0)
		r = lock(&slot, is_forced);
	if (r < 0)
		return r;
	if (slot.fd < 0)
		return is_forced ? 0 : refuse_missing();
	return delete_locked(&slot, is_forced);
}

int container_delete_matching(const struct runtime *runtime, const char *pattern,
			      bool is_forced)
{
	struct matching matching;

	if (matching_open(runtime, pattern, &matching))
		return err_code();
	for (char **id = matching.ids; *id; id++)
		matching_note(&matching, *id, container_delete(runtime, *id, is_forced));
	return matching_close(&matching);
}
