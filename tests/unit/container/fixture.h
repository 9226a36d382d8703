/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixture - a state directory with containers that are no more than a process. */
#pragma once

#include <sys/types.h>

#include "container/runtime.h"
#include "state/record.h"

extern struct runtime runtime;

void fixture_begin(void);
void fixture_end(void);

/* A path below the fixture's own directory; the text is static. */
const char *fixture_path(const char *name);

/* A process that waits, for the container's init.  The fixture kills it in the end. */
pid_t fixture_process(void);

/* The same, and it looks as tare-init does while it waits for `start`. */
pid_t fixture_waiting_process(void);

/* Record a container whose init is PID (0: not cloned yet). */
void fixture_container(const char *id, enum record_phase phase, pid_t pid);
void fixture_container_with(const struct record *record);

/* What was recorded, to begin a fuller record with. */
struct record fixture_record(const char *id, enum record_phase phase, pid_t pid);

/* R must be a failure that says WORDS. */
void expect_refused(int r, const char *words);
