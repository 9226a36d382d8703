/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfd - wait for a process that is held by a descriptor. */
#pragma once

#include <stdbool.h>

/* Wait until it has ended, for TIMEOUT_MS at most (-1: for ever).  False: it has not. */
bool pidfd_has_ended(int pidfd, int timeout_ms);
