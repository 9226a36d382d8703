/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recorded - the hooks of a record, ready to run, and what they are told. */
#pragma once

#include "hooks/hook.h"
#include "libocispec/arena.h"
#include "libocispec/encode.h"
#include "state/record.h"

/* HOOKS as hooks_run() wants them; the list lives in ARENA and borrows from HOOKS. */
void recorded_hooks(const struct oci_hook_list *hooks, const char *kind, struct arena *arena,
		    struct hook_list *ret_list);

/* Where their output goes, as the annotations of RECORD say, which were read. */
void recorded_outputs(const struct record *record, struct arena *arena, struct hook_list *list);

/* The state document for hooks, one compact line; the pid is left out when 0. */
void recorded_state(const struct record *record, enum oci_status status, int pid,
		    struct oci_text *text);
