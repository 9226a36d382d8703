/* SPDX-License-Identifier: GPL-2.0-or-later */
/* floor_bpf - the device filter of the floor. */
#pragma once

/* Attach to CGROUP what runtimes allow by default. */
void floor_filter_devices(int cgroup);
