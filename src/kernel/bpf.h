/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bpf - load programs that decide about devices and hang them on a cgroup. */
#pragma once

#include <linux/bpf.h>
#include <stddef.h>

/* As the kernel lists it; at most 15 letters, digits, '_' and '.'. */
#define BPF_DEVICE_NAME "tare_devices"

/* Have CODE checked and loaded as a device program.  Returns a descriptor. */
int bpf_load_device_program(const struct bpf_insn *code, size_t count);

/*
 * Attach PROGRAM to CGROUP beside what others attached there, or, in one step,
 * in the place of the program OLD (NO_FD: none).
 */
int bpf_attach_device_program(int cgroup, int program, int old);

/* Take PROGRAM off CGROUP. */
int bpf_detach_device_program(int cgroup, int program);

/*
 * The device program called BPF_DEVICE_NAME that is attached to CGROUP.  Returns
 * 0; *ret_program is NO_FD when there is none.
 */
int bpf_find_device_program(int cgroup, int *ret_program);
