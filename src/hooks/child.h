/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child - what happens in a hook's process before the hook is executed. */
#pragma once

#include "hooks/hook.h"

/* What the child says through its report pipe; the pipe closes when the hook runs. */
enum hook_report_kind {
	HOOK_IS_PID, /* value: the hook's process is another one, this, a child of the runtime's */
	HOOK_CANNOT_SET_DESCRIPTORS, /* value of all the following: an errno */
	HOOK_CANNOT_OPEN,
	HOOK_CANNOT_JOIN,
	HOOK_CANNOT_BECOME_ROOT,
	HOOK_CANNOT_FORK,
	HOOK_CANNOT_CHDIR,
	HOOK_CANNOT_EXECUTE,
};

struct hook_report {
	int kind; /* enum hook_report_kind */
	int value;
};

/* Reading ends at 0, writing ends at 1. */
struct hook_pipes {
	int in[2];
	int out[2];
	int err[2];
	int report[2];
};

/* A hook and where it runs. */
struct hook_start {
	const struct hook_list *list;
	const struct hook *hook;
	const struct hook_place *place; /* NULL: here */
	const char *cwd;
	struct hook_pipes pipes;
};

/* In the forked child, all signals blocked: become the hook. */
_Noreturn void hook_child(const struct hook_start *start);
