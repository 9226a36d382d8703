/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pidfd - which process a descriptor holds, and its end. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Wait until it has ended, for TIMEOUT_MS at most (-1: for ever).  False: it has not. */
bool pidfd_has_ended(int pidfd, int timeout_ms);

/*
 * The number that no other process has had or will have in this boot, whatever its pid and pid
 * namespace: the inode in pidfs (Linux 6.9).  0: the kernel has none.
 */
uint64_t pidfd_inode(int pidfd);
