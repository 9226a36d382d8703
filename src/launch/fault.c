/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault - make a step fail on purpose; only a build with --enable-faults does. */
#include "launch/fault.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/number.h"
#include "kernel/syscalls.h"

static int choose_kind(const char *kind, struct block_fault *fault)
{
	uint64_t code = EIO;

	fault->kind = FAULT_ERRNO;
	if (strcmp(kind, "kill") == 0)
		fault->kind = FAULT_KILL;
	else if (strcmp(kind, "kill-other") == 0)
		fault->kind = FAULT_KILL_OTHER;
	else if (*kind && (number_u64(kind, 4095, &code) || code == 0))
		return err_refuse("TARE_FAULT: '%s' is not an errno, kill or kill-other", kind);
	fault->code = (int32_t)code;
	return 0;
}

int fault_choose(const struct step_list *list, struct block_fault *ret_fault)
{
	const char *text = getenv("TARE_FAULT");
	size_t size;

	*ret_fault = (struct block_fault){ 0 };
	if (!text || !*text)
		return 0;
	size = strcspn(text, ":");
	for (size_t i = 0; i < list->count; i++) {
		const char *name = list->steps[i]->name;

		if (strlen(name) != size || strncmp(name, text, size) != 0)
			continue;
		ret_fault->step = (uint32_t)i;
		if (choose_kind(text[size] ? text + size + 1 : "", ret_fault))
			return err_code();
		if (ret_fault->kind == FAULT_KILL_OTHER && i >= steps_of_parent(list))
			return err_refuse("TARE_FAULT: nobody else is there at step '%s'",
					  name);
		return 0;
	}
	return err_refuse("TARE_FAULT: there is no step '%.*s' here", (int)size, text);
}

/* Of a restore it is CRIU, as long as that is there. */
static void kill_other(const struct launch *launch)
{
	if (launch->criu.pid > 0)
		sys_pidfd_send_signal(launch->criu.pidfd, SIGKILL);
	else if (launch->child.pid > 0)
		sys_pidfd_send_signal(launch->child.pidfd, SIGKILL);
}

int fault_inject(struct launch *launch, size_t index)
{
	const struct block_fault *fault = &launch->fault;

	if (fault->kind == FAULT_NONE || fault->step != index)
		return 0;
	if (fault->kind == FAULT_ERRNO)
		return err_sys(fault->code, "injected fault");
	if (fault->kind == FAULT_KILL)
		return fault_die();
	kill_other(launch);
	return 0;
}

bool fault_is_awaited(const struct launch *launch, size_t index)
{
	return launch->fault.kind == FAULT_KILL_OTHER && launch->fault.step == index;
}

int fault_die(void)
{
	raise(SIGKILL);
	return err_sys(EINTR, "injected fault");
}
