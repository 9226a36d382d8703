/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kill - send a signal to a container. */
#include "container/kill.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/fd.h"
#include "container/matching.h"
#include "container/state.h"
#include "kernel/syscalls.h"
#include "state/liveness.h"

/* A thaw needs no time; this only bounds it. */
#define THAW_MS 2000

struct target {
	int pidfd; /* of init */
	bool is_alive;
	struct cgroup cgroup; /* fd NO_FD: none */
	bool has_processes;   /* in the cgroup */
	bool is_shared;       /* init's end does not end the others */
};

static void target_release(struct target *target)
{
	fd_close(target->pidfd);
	cgroup_close(&target->cgroup);
}

static int look_into_cgroup(struct target *target)
{
	pid_t *pids = NULL;
	size_t count = 0;
	int r = cgroup_pids(&target->cgroup, &pids, &count);

	free(pids);
	target->has_processes = count > 0;
	return r;
}

static int target_open(const struct record *record, struct target *ret_target)
{
	struct target target = { .pidfd = NO_FD, .cgroup.fd = NO_FD };
	int liveness = liveness_open(record, &target.pidfd);
	int r;

	if (liveness < 0)
		return liveness;
	target.is_alive = liveness == LIVENESS_ALIVE;
	target.is_shared = !record->has_private_pid_namespace.value;
	r = container_cgroup(record, &target.cgroup);
	if (r == 0)
		r = look_into_cgroup(&target);
	if (r)
		target_release(&target);
	else
		*ret_target = target;
	return r;
}

/* Nothing of a killed container shall stay frozen; whether it works is no concern of the caller. */
static void thaw(const struct target *target)
{
	int r = cgroup_is_frozen(&target->cgroup);

	if (r > 0)
		r = cgroup_freeze(&target->cgroup, false, THAW_MS);
	if (r < 0)
		err_clear();
}

/* Returns 0, or -ESRCH without a record when there was nobody, or a failure. */
static int signal_init(const struct target *target, int signal)
{
	if (!target->is_alive)
		return -ESRCH;
	if (sys_pidfd_send_signal(target->pidfd, signal) == 0)
		return 0;
	if (errno == ESRCH)
		return -ESRCH;
	return err_sys(errno, "send signal %d to the container", signal);
}

/* The same for everybody in the cgroup. */
static int signal_everybody(const struct target *target, int signal)
{
	int r;

	if (!target->has_processes)
		return signal_init(target, signal);
	r = cgroup_signal(&target->cgroup, signal);
	if ((r == -EACCES || r == -EPERM) && target->is_alive) {
		/* A cgroup that others gave us may not be ours to kill. */
		err_clear();
		return signal_init(target, signal);
	}
	return r;
}

static int deliver(const struct target *target, int signal, bool is_all)
{
	bool is_for_everybody = is_all || (signal == SIGKILL && target->is_shared);
	int r = is_for_everybody ? signal_everybody(target, signal)
				 : signal_init(target, signal);

	if (r == 0 && signal == SIGKILL)
		thaw(target);
	if (r == -ESRCH)
		return is_all ? 0 : err_refuse("container not running");
	return r;
}

int container_kill(const struct runtime *runtime, const char *id, int signal, bool is_all)
{
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	_cleanup_arena_ struct arena arena = { 0 };
	struct record record;
	struct target target;
	int r = container_open(runtime, id, &slot);

	if (r == 0)
		r = container_read(&slot, &arena, &record);
	if (r == 0)
		r = target_open(&record, &target);
	if (r)
		return r;
	r = deliver(&target, signal, is_all);
	target_release(&target);
	return r;
}

int container_kill_matching(const struct runtime *runtime, const char *pattern, int signal,
			    bool is_all)
{
	struct matching matching;

	if (matching_open(runtime, pattern, &matching))
		return err_code();
	for (char **id = matching.ids; *id; id++)
		matching_note(&matching, *id, container_kill(runtime, *id, signal, is_all));
	return matching_close(&matching);
}
