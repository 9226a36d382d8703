/* SPDX-License-Identifier: GPL-2.0-or-later */
/* processfile - the process object that exec --process is given. */
#pragma once

#include "libocispec/arena.h"
#include "libocispec/spec.h"

/*
 * Read FILE, which may be a pipe (/dev/fd/63), into *RET_PROCESS, which lives in
 * ARENA.  Bounded, in size and in time.
 */
int processfile_read(const char *file, struct arena *arena, struct oci_process *ret_process);
