/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec - start a process in a container that is there. */
#include "container/exec.h"

#include <errno.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "container/prepare.h"
#include "container/processfile.h"
#include "container/state.h"
#include "kernel/interrupt.h"
#include "kernel/pidfd.h"
#include "launch/launch.h"
#include "launch/supervise.h"
#include "plan/exec.h"

#define ENDING_MS 1000

/* All that one exec goes by. */
struct exec {
	const struct exec_options *options;
	struct store_slot slot; /* not locked: any number of execs at once */
	struct arena arena;
	struct record record;
	int init; /* a pidfd: the very process that was recorded, whatever becomes of its pid */
	struct cgroup cgroup;
	enum oci_status status;
	struct oci_spec spec;
	struct oci_process process;
	size_t document_size; /* of both */
	struct host host;
	struct plan plan;
	char *console_socket, *pidfd_socket, *pid_file;
};

static void exec_release(struct exec *exec)
{
	plan_release(&exec->plan);
	arena_free(&exec->arena);
	store_release(&exec->slot);
	fd_close(exec->init);
	cgroup_close(&exec->cgroup);
	free(exec->console_socket);
	free(exec->pidfd_socket);
	free(exec->pid_file);
}
#define _cleanup_exec_ _cleanup_(exec_release)

static int refuse_stopped(void)
{
	return err_refuse("cannot exec in a stopped container");
}

static int check_status(struct exec *exec)
{
	int status = container_look(&exec->record, &exec->init, &exec->cgroup);

	if (status < 0)
		return status;
	if (status == OCI_STATUS_STOPPED)
		return refuse_stopped();
	if (status == OCI_STATUS_PAUSED && !exec->options->ignores_pause)
		return err_refuse("cannot exec in a paused container (use --ignore-paused to "
				  "override)");
	/* Its init may still be among the host's files. */
	if (status == OCI_STATUS_CREATING)
		return err_refuse("cannot exec in a container in the creating state");
	exec->status = (enum oci_status)status;
	return 0;
}

static int open_container(const struct runtime *runtime, struct exec *exec)
{
	if (container_open(runtime, exec->options->id, &exec->slot) ||
	    container_read(&exec->slot, &exec->arena, &exec->record))
		return err_code();
	return check_status(exec);
}

static int resolve_paths(struct exec *exec)
{
	const struct exec_options *options = exec->options;

	if (prepare_path(options->console_socket, &exec->console_socket) ||
	    prepare_path(options->pidfd_socket, &exec->pidfd_socket) ||
	    prepare_path(options->pid_file, &exec->pid_file))
		return err_code();
	return 0;
}

static int build_plan(struct exec *exec)
{
	const struct exec_options *options = exec->options;
	struct plan_exec_request request = {
		.spec = &exec->spec,
		.document_size = exec->document_size,
		.id = options->id,
		.bundle = exec->record.bundle,
		.seccomp_receiver = exec->record.seccomp_agent,
		.has_keyring = exec->record.has_keyring.value,
		.process = options->process ? &exec->process : NULL,
		.args = options->args,
		.env = options->env,
		.uid = options->uid,
		.gid = options->gid,
		.groups = options->groups,
		.capabilities = options->capabilities,
		.cwd = options->cwd,
		.selinux_label = options->selinux_label,
		.apparmor_profile = options->apparmor_profile,
		.has_no_new_privileges = options->has_no_new_privileges,
		.wants_terminal = options->wants_terminal,
		.is_detached = options->is_detached,
		.has_console_socket = exec->console_socket != NULL,
		.preserve_fds = options->preserve_fds,
	};

	return plan_exec(&request, &exec->host, &exec->plan);
}

static int prepare_exec(const struct runtime *runtime, struct exec *exec)
{
	const struct exec_options *options = exec->options;

	if (prepare_descriptors(options->preserve_fds) || resolve_paths(exec) ||
	    open_container(runtime, exec) ||
	    container_read_spec(&exec->slot, &exec->arena, &exec->spec, &exec->document_size))
		return err_code();
	if (options->process && processfile_read(options->process, &exec->arena, &exec->process,
						 &exec->document_size))
		return err_code();
	if (host_probe(HOST_LSM, &exec->host))
		return err_code();
	return build_plan(exec);
}

/*
 * Init of a pid namespace ends when all others in it have, which these failures
 * may be the beginning of: no such process, killed, no room in the namespace.
 */
static bool has_stopped(const struct exec *exec, int result)
{
	bool may_be_ending = result == -ESRCH || result == -ENOMEM;

	return pidfd_has_ended(exec->init, may_be_ending ? ENDING_MS : 0);
}

static int start(const struct runtime *runtime, struct exec *exec, struct launch *launch)
{
	struct launch_request request = {
		.plan = &exec->plan,
		.state_root = runtime->root,
		.console_socket = exec->console_socket,
		.pidfd_socket = exec->pidfd_socket,
		.pid_file = exec->pid_file,
		.is_debug = runtime->is_debug,
		.container = &exec->record,
		.status = exec->status,
		.target = exec->init,
		.sub_cgroup = exec->options->sub_cgroup,
		.waits_for_thaw = exec->options->ignores_pause,
	};
	int result;

	launch->cgroup = exec->cgroup;
	exec->cgroup = (struct cgroup){ .fd = NO_FD };
	result = launch_exec(launch, &request);
	launch->request = NULL;
	/* Whatever the kernel said about it: this is why. */
	if (result && has_stopped(exec, result)) {
		log_debug("%s", err_last()->text);
		err_clear();
		return refuse_stopped();
	}
	return result;
}

static int wait_for_end(const struct launch *launch)
{
	struct notify notify = NOTIFY_NONE; /* that is init's affair */

	return supervise_run(launch->process.pid, launch->process.pidfd, launch->console,
			     &notify);
}

int container_exec(const struct runtime *runtime, const struct exec_options *options)
{
	_cleanup_exec_ struct exec exec = {
		.options = options,
		.slot = { .fd = NO_FD, .parent = NO_FD },
		.init = NO_FD,
		.cgroup = { .fd = NO_FD },
	};
	_cleanup_launch_ struct launch launch = LAUNCH_EMPTY;

	if (interrupt_begin() || prepare_exec(runtime, &exec) || start(runtime, &exec, &launch))
		return err_code();
	return options->is_detached ? 0 : wait_for_end(&launch);
}
