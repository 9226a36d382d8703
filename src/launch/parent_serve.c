/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_serve - hooks, the filter and sockets: what init cannot do from the inside. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/terminal.h"
#include "launch/agent.h"
#include "launch/parent.h"
#include "launch/parent_filter.h"
#include "launch/sendfd.h"
#include "launch/supervise.h"
#include "libocispec/encode.h"
#include "libocispec/spec_seccomp.h"
#include "libocispec/state.h"
#include "plan/seccompwords.h"
#include "seccomp/profile.h"
#include "seccomp/support.h"

void parent_describe(const struct launch *launch, enum oci_status status, int pid,
		     struct oci_text *text)
{
	const struct plan *plan = launch->plan;
	struct oci_state state = {
		.oci_version = plan->oci_version,
		.id = plan->id,
		.pid = { .is_set = pid > 0, .value = pid },
		.status = status,
		.bundle = plan->bundle,
		.annotations = launch->request->spec->annotations,
	};

	oci_encode(&oci_state_type, &state, NULL, text);
}

static int run(struct launch *launch, const struct hook_list *list,
	       const struct hook_place *place, int pid)
{
	_cleanup_(oci_text_release) struct oci_text state = { 0 };

	if (list->count == 0)
		return 0;
	launch->has_run_hooks = true;
	parent_describe(launch, OCI_STATUS_CREATING, pid, &state);
	return hooks_run(list, place, launch->plan->bundle, state.bytes);
}

/* config.md, "Prestart" and "CreateRuntime Hooks": in the runtime's namespaces. */
int parent_hooks_runtime(struct launch *launch)
{
	struct hook_place here = { .pidfd = NO_FD, .pid_namespace = NO_FD };
	int pid = launch->child.pid;

	if (run(launch, &launch->plan->prestart, &here, pid) ||
	    run(launch, &launch->plan->create_runtime, &here, pid))
		return err_code();
	return 0;
}

/* config.md, "CreateContainer Hooks": in the container's namespaces, before its root is its root. */
int parent_hooks_container(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	struct hook_place inside = {
		.pidfd = launch->child.pidfd,
		.pid_namespace = NO_FD,
		.namespaces = (int)(plan->clone_flags & ~(uint64_t)CLONE_NEWTIME),
	};
	int pid = launch->child.pid;

	for (size_t i = 0; i < plan->join_count; i++) {
		inside.namespaces |= (int)plan->joins[i].flag;
		if (launch->init->surfaces && plan->joins[i].flag == CLONE_NEWPID)
			inside.pid_namespace = launch->join_fds[i];
	}
	/* In a pid namespace of its own, init is the first. */
	if (plan->clone_flags & CLONE_NEWPID)
		pid = 1;
	return run(launch, &plan->create_container, &inside, pid);
}

/* `start` will need it; better to hear now that nobody is there. */
int parent_find_agent(struct launch *launch)
{
	return agent_find(launch->plan->seccomp_agent);
}

static int check_seccomp_flags(uint32_t flags)
{
	if (seccomp_has_flags(flags))
		return 0;
	for (size_t i = 1; oci_seccomp_flag_words[i]; i++)
		if ((flags & seccomp_flags[i]) && !seccomp_has_flags(seccomp_flags[i]))
			return err_refuse(
				"linux.seccomp.flags: this kernel does not support %s",
				oci_seccomp_flag_words[i]);
	return 0; /* no filters at all: init will say so */
}

int parent_compile_seccomp(struct launch *launch)
{
	struct seccomp_program program;

	if (check_seccomp_flags(launch->plan->seccomp.flags))
		return err_code();
	if (launch->init->loads_filter_early) /* it is in the block */
		return 0;
	if (launch_compile_filter(launch, &program))
		return err_code();
	free(launch->payload);
	launch->payload = program.instructions;
	launch->payload_size = program.count * 8; /* sizeof(struct sock_filter) */
	return 0;
}

/* What a program of the foreground would otherwise see change: its size, and how lines end. */
static int prepare_console(int console)
{
	supervise_resize(console);
	return terminal_leave_newlines(console);
}

/* A terminal goes to the socket, or stays with us for the foreground: before the program runs. */
int parent_send_console(struct launch *launch)
{
	unsigned number = 0;
	char name[32];

	if (launch->console < 0)
		return err_sys(EPROTO, "no terminal came from container init");
	if (!launch->request->console_socket)
		return prepare_console(launch->console);
	if (ioctl(launch->console, TIOCGPTN, &number) < 0)
		return err_sys(errno, "number of the terminal");
	snprintf(name, sizeof(name), "/dev/pts/%u", number);
	if (sendfd(launch->request->console_socket, launch->console, name))
		return err_while("console socket");
	fd_close(fd_take(&launch->console));
	return 0;
}

int parent_send_pidfd(struct launch *launch)
{
	const char *path = launch->request->pidfd_socket;

	if (path && sendfd(path, launch->child.pidfd, "standard"))
		return err_while("pidfd socket");
	return 0;
}
