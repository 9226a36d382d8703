/* SPDX-License-Identifier: GPL-2.0-or-later */
/* start - let a created container execute its program. */
#pragma once

#include "container/runtime.h"
#include "state/record.h"
#include "state/store.h"

/* Returns when the program runs and the poststart hooks have. */
int container_start(const struct runtime *runtime, const char *id);

/*
 * The same for a container whose lock is held and that is known to be created.  CHANNEL: to the
 * init of a `run`, which has no gate, or NO_FD.
 * A poststart hook that fails is a failure: the container is killed.
 */
int start_created(struct store_slot *slot, struct record *record, int pidfd, int channel);

/* The rest of it, for a container whose program runs already. */
int start_executed(struct store_slot *slot, struct record *record, int pidfd);
