/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start - let a created container execute its program. */
#include "container/start.h"

#include <errno.h>
#include <signal.h>

#include "base/err.h"
#include "base/fd.h"
#include "container/recorded.h"
#include "container/state.h"
#include "hooks/hook.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"
#include "launch/gate.h"
#include "launch/notify.h"

#define END_MS 10000

/* config.md, "Poststart": after the program is executed, before start returns. */
static int run_poststart(const struct record *record)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct hook_place here = { .pidfd = NO_FD, .pid_namespace = NO_FD };
	struct oci_text state = { 0 };
	struct hook_list hooks;
	int result;

	if (!record->hooks || record->hooks->poststart.count == 0)
		return 0;
	recorded_hooks(&record->hooks->poststart, "poststart", &arena, &hooks);
	recorded_outputs(record, &arena, &hooks);
	recorded_state(record, OCI_STATUS_RUNNING, record->pid.value, &state);
	result = hooks_run(&hooks, &here, record->bundle, state.bytes);
	oci_text_release(&state);
	return result;
}

/* An agent that cannot be reached leaves the container as it is: the next `start` may find one. */
static int open_gate(struct store_slot *slot, const struct record *record, int pidfd,
		     int channel)
{
	struct agent agent = {
		.path = record->seccomp_agent,
		.metadata = record->seccomp_metadata,
		.record = record,
		.status = OCI_STATUS_CREATED,
		.stream = NO_FD,
	};
	int result;

	if (agent.path && agent_find(agent.path))
		return err_code();
	result = channel >= 0 ? gate_say(channel, &agent) : gate_open(slot->fd, pidfd, &agent);
	fd_close(agent.stream);
	return result;
}

int start_created(struct store_slot *slot, struct record *record, int pidfd, int channel)
{
	return open_gate(slot, record, pidfd, channel) ?: start_executed(slot, record, pidfd);
}

int start_executed(struct store_slot *slot, struct record *record, int pidfd)
{
	record->phase = RECORD_RUNNING;
	if (store_write_begun(slot, record))
		return err_code();
	if (run_poststart(record) == 0)
		return 0;
	/* "stop the container": its cgroup and its record are left to delete. */
	sys_pidfd_send_signal(pidfd, SIGKILL);
	pidfd_has_ended(pidfd, END_MS);
	return err_code();
}

/* Hooks and the agent are told them. */
static bool wants_annotations(const struct record *record)
{
	return record->seccomp_agent || (record->hooks && record->hooks->poststart.count > 0);
}

static int refuse(int status)
{
	if (status == OCI_STATUS_STOPPED)
		return err_refuse("cannot start a container that has stopped");
	if (status == OCI_STATUS_RUNNING)
		return err_refuse("cannot start an already running container");
	return err_refuse("cannot start a container in the %s state", oci_status_words[status]);
}

int container_start(const struct runtime *runtime, const char *id)
{
	_cleanup_arena_ struct arena arena = { 0 };
	_cleanup_slot_ struct store_slot slot = { .fd = NO_FD, .parent = NO_FD };
	_cleanup_close_ int pidfd = NO_FD;
	_cleanup_notify_ struct notify notify = NOTIFY_NONE;
	struct record record;
	struct cgroup cgroup;
	int status = container_hold(runtime, id, &arena, &slot, &record);

	if (status < 0)
		return status;
	status = container_look(&record, &pidfd, &cgroup);
	cgroup_close(&cgroup);
	if (status != OCI_STATUS_CREATED)
		return status < 0 ? status : refuse(status);
	if (wants_annotations(&record) && store_read_annotations(&slot, &arena, &record))
		return err_code();
	if (notify_listen(slot.fd, &notify) || start_created(&slot, &record, pidfd, NO_FD))
		return err_code();
	store_release(&slot); /* others may have it while we wait */
	return notify_wait(&notify, record.pid.value, pidfd);
}
