/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network - what becomes of the host's network devices when a container goes. */
#pragma once

#include "state/record.h"

/*
 * Bring the network devices of a container that was never started back to the
 * host, as they were; its init must not have been killed yet, since its end
 * ends its network namespace.  Of one that was started they are the kernel's
 * to deal with (config-linux.md, "Network Devices"): then nothing is done.
 */
int network_return(const struct record *record);
