/* SPDX-License-Identifier: GPL-2.0-or-later */
/* processfile - the process object that exec --process is given. */
#pragma once

#include "base/buf.h"
#include "libocispec/arena.h"
#include "libocispec/spec.h"

/* Read FILE, a regular file or a pipe, to its end; FILE "-" is stdin.  Bounded, in size and time. */
int processfile_bytes(const char *file, struct buf *out);

/*
 * Read FILE, which may be a pipe (/dev/fd/63), into *RET_PROCESS, which lives in
 * ARENA; its size in bytes is added to *SIZE.  Bounded, in size and in time.
 */
int processfile_read(const char *file, struct arena *arena, struct oci_process *ret_process,
		     size_t *size);
