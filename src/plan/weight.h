/* SPDX-License-Identifier: GPL-2.0-or-later */
/* weight - cgroup v1's numbers, which config.json speaks, as cgroup v2's. */
#pragma once

#include <stdint.h>

/* cpu.weight (1-10000) for cpu.shares (2-262144), so that both defaults meet: 1024 is 100. */
uint64_t weight_of_shares(uint64_t shares);

/* io.weight (1-10000) for blkio.weight (10-1000). */
uint64_t weight_of_blkio(uint64_t weight);
