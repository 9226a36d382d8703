/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_state - the record: written before each thing that must be found again. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/mem.h"
#include "cgroup/unit.h"
#include "kernel/descriptor.h"
#include "kernel/syscalls.h"
#include "launch/create_wants.h"
#include "launch/notify.h"
#include "launch/parent.h"
#include "state/liveness.h"

/* Those that we are given are the container's, but for a terminal of its own. */
static void fill_descriptors(struct launch *launch)
{
	const int *stdio = launch->request->stdio;
	bool is_any = false;

	if (wants_terminal(launch->plan))
		return;

	for (int fd = 0; fd < (int)ARRAY_SIZE(launch->descriptors); fd++) {
		char name[DESCRIPTOR_NAME_SIZE];

		descriptor_name(stdio ? stdio[fd] : fd, name);
		is_any |= *name != '\0';
		launch->descriptors[fd] = arena_text(&launch->arena, name, strlen(name));
	}
	if (is_any)
		launch->record.descriptors =
			(struct oci_strings)OCI_LIST_OF(launch->descriptors);
}

static void fill_record(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	const struct oci_spec *spec = launch->request->spec;
	struct record *record = &launch->record;

	record_now(launch->created);
	record->phase = RECORD_CREATING;
	if (plan->goes_on)
		record->begun = (struct oci_u32)OCI_SET(0);
	record->oci_version = plan->oci_version;
	record->id = plan->id;
	record->bundle = plan->bundle;
	record->rootfs = plan->rootfs;
	record->created = launch->created;
	record->owner = (struct oci_u32)OCI_SET(geteuid());
	record->boot_id = launch->boot_id;
	record->driver = plan->cgroup.unit   ? RECORD_SYSTEMD
			 : plan->cgroup.path ? RECORD_CGROUPFS
					     : RECORD_NO_CGROUP;
	record->unit = plan->cgroup.unit ? plan->cgroup.unit->name : NULL;
	record->has_private_pid_namespace =
		(struct oci_bool)OCI_SET((plan->clone_flags & CLONE_NEWPID) != 0);
	record->is_rootless = (struct oci_bool)OCI_SET(plan->is_rootless);
	record->has_keyring = (struct oci_bool)OCI_SET(plan->init->session_name != 0);
	record->seccomp_agent = plan->seccomp_agent;
	record->seccomp_metadata = plan->seccomp_metadata;
	record_set_annotations(record, &spec->annotations);
	record->hooks = spec->hooks;
	fill_descriptors(launch);
}

static int open_spares(struct launch *launch)
{
	for (size_t i = 0; i < LAUNCH_SPARES; i++) {
		launch->spares[i] = sys_duplicate(launch->store.fd);
		if (launch->spares[i] < 0)
			return err_sys(errno, "open descriptors");
	}
	return 0;
}

int parent_reserve_state(struct launch *launch)
{
	if (liveness_boot_id(launch->boot_id) ||
	    store_open(launch->request->state_root, &launch->store) || open_spares(launch) ||
	    store_reserve(&launch->store, launch->plan->id, &launch->slot))
		return err_code();
	if (launch->request->is_sticky_root && fchmod(launch->store.fd, 01700) < 0)
		return err_sys(errno, "chmod %s", launch->request->state_root);
	fill_record(launch);
	return 0;
}

/* The last thing that goes: until then `delete` finds what is left. */
void undo_reserve_state(struct launch *launch)
{
	_cleanup_(oci_text_release) struct oci_text state = { 0 };

	if (launch->has_run_hooks) {
		parent_describe(launch, OCI_STATUS_STOPPED, 0, &state);
		hooks_run_all(&launch->plan->poststop, launch->plan->bundle, state.bytes);
	}
	store_remove(&launch->slot);
}

int parent_save_config(struct launch *launch)
{
	const struct launch_request *request = launch->request;

	return store_write_config(&launch->slot, request->config, request->config_size);
}

/* Anybody in the container may talk to the socket that will be there. */
int parent_notify_directory(struct launch *launch)
{
	if (mkdirat(launch->slot.fd, NOTIFY_DIRECTORY, 0755) < 0 ||
	    fchmodat(launch->slot.fd, NOTIFY_DIRECTORY, 0755, 0) < 0)
		return err_sys(errno, "make a directory for notify.sock");
	return 0;
}

int parent_record_init(struct launch *launch)
{
	struct identity_mark mark;

	if (liveness_mark(launch->child.pid, launch->child.pidfd, &mark))
		return err_code();
	launch->record.pid = (struct oci_i32)OCI_SET(launch->child.pid);
	launch->record.pid_inode = mark.inode;
	launch->record.start_time = mark.start_time;
	if (launch->cgroup.path)
		launch->record.cgroup_id = (struct oci_u64)OCI_SET(launch->cgroup.id);
	return store_write(&launch->slot, &launch->record);
}

int parent_pid_file(struct launch *launch)
{
	const char *path = launch->request->pid_file;

	if (path && (pidfile_reserve(path, &launch->pid_file) ||
		     pidfile_write(&launch->pid_file, launch->child.pid)))
		return err_code();
	return 0;
}

/* A failure is recorded: the walk back tells it. */
void undo_pid_file(struct launch *launch)
{
	(void)pidfile_remove(&launch->pid_file);
}

/* Between `run` and its program there are hooks or an agent that may ask for the state. */
static bool is_seen_before_start(const struct launch *launch)
{
	return !launch->request->starts_itself || launch->plan->seccomp_agent ||
	       wants_hooks_start(launch->plan);
}

int parent_write_record(struct launch *launch)
{
	launch->record.phase = RECORD_CREATED;
	if (!is_seen_before_start(launch))
		return 0;
	launch->record.begun = (struct oci_u32)OCI_SET(0);
	return store_write(&launch->slot, &launch->record);
}

/* Init hears that it is wanted; without this it ends when our end of the channel does. */
int parent_commit(struct launch *launch)
{
	(void)launch;
	return 0;
}

void launch_close_spares(struct launch *launch)
{
	for (size_t i = 0; i < LAUNCH_SPARES; i++)
		fd_close(fd_take(&launch->spares[i]));
}

void launch_release(struct launch *launch)
{
	launch_close_spares(launch);
	for (size_t i = 0; launch->join_fds && i < launch->plan->join_count; i++)
		fd_close(launch->join_fds[i]);
	for (size_t i = 0; launch->tree_fds && i < launch->plan->tree_count; i++)
		fd_close(launch->tree_fds[i]);
	for (size_t i = 0; launch->map_fds && i < launch->plan->mount_map_count; i++)
		fd_close(launch->map_fds[i]);
	free(launch->join_fds);
	free(launch->map_fds);
	free(launch->tree_fds);
	free(launch->payload);
	parent_release_network(launch);
	arena_free(&launch->arena);
	fd_close(launch->program);
	fd_close(launch->block);
	fd_close(launch->channel);
	fd_close(launch->their_channel);
	fd_close(launch->gate);
	fd_close(launch->child.pidfd);
	fd_close(launch->console);
	fd_close(launch->page);
	fd_close(launch->root);
	fd_close(launch->process.pidfd);
	fd_close(launch->pidfd_stream);
	if (launch->born)
		munmap(launch->born, sizeof(*launch->born));
	pidfile_release(&launch->pid_file);
	criu_stop(&launch->criu);
	notify_close(&launch->notify);
	cgroup_close(&launch->cgroup);
	store_release(&launch->slot);
	store_close(&launch->store);
}
