/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault - make a step fail on purpose; only a build with --enable-faults does. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "launch/launch.h"
#include "launch/step.h"

/*
 * TARE_FAULT=<step>[:<errno>|:kill|:kill-other] in the environment: the step of
 * that name fails with the errno (a number, default EIO), or its own side or
 * the other one is killed when it begins.  An unknown name or kind is refused.
 */
int fault_choose(const struct step_list *list, struct block_fault *ret_fault);

/* At the beginning of our step INDEX. */
int fault_inject(struct launch *launch, size_t index);

/* True when init's step INDEX is where we are to be killed. */
bool fault_is_awaited(const struct launch *launch, size_t index);

/* Kill this process. */
int fault_die(void);
