/* SPDX-License-Identifier: GPL-2.0-or-later */
/* making - what create, restore and exec have in common. */
#include "shim/task/making.h"

#include <fcntl.h>
#include <limits.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/number.h"
#include "shim/task/cgroup.h"
#include "shim/task/exits.h"

void making_args(const struct process *process, struct args *args)
{
	_cleanup_free_ char *pid_file = process_pid_file(process);
	const struct container *container = process->container;
	const char *console = stdio_console(&process->stdio);

	args_add(args, "--pid-file");
	args_add(args, "%s", pid_file);
	if (console) {
		args_add(args, "--console-socket");
		args_add(args, "%s", console);
	}
	if (process->exec_id)
		return;
	if (container->has_no_pivot)
		args_add(args, "--no-pivot");
	if (container->has_no_keyring)
		args_add(args, "--no-new-keyring");
}

void making_command(const struct process *process, const struct args *args,
		    struct command *ret_command)
{
	*ret_command = (struct command){ .args = args->words };
	for (int i = 0; i < 3; i++) {
		int inside = process->stdio.inside[i];

		ret_command->fds[i] = inside >= 0 ? inside : COMMAND_NULL;
	}
}

int making_read_pid(struct process *process)
{
	_cleanup_free_ char *path = process_pid_file(process);
	char text[32];
	uint64_t pid;

	if (fd_read_file(AT_FDCWD, path, text, sizeof(text)) < 0)
		return err_while("the runtime's pid file");
	if (number_u64(text, INT_MAX, &pid) < 0 || pid == 0)
		return err_refuse("%s: \"%s\" is no pid", path, text);
	process->pid = (pid_t)pid;
	return 0;
}

static void on_oom(struct oom *oom)
{
	exits_look_for_oom(owner_of(oom, struct container, oom));
}

void making_find_cgroup(struct container *container)
{
	free(container->cgroup);
	container->cgroup = cgroup_of(container->init.pid);
	oom_start(&container->oom, &container->shim->ooms, container->cgroup, on_oom);
}
