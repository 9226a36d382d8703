/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices - from device rules to the BPF program that the kernel asks. */
#pragma once

#include <linux/bpf.h>
#include <stddef.h>

#include "cgroup/cgroup.h"

struct device_program {
	struct bpf_insn *code; /* the caller frees it */
	size_t count;
	size_t room;
	size_t verdicts
		[8]; /* where the verdict for these rights (DEVICE_*) is; 0: nowhere yet */
};

/* More rules than this are refused. */
#define DEVICE_RULES_MAX 4096

/*
 * Each right that is asked for (read, write, mknod) is decided by the last rule
 * that matches the device and names that right; where there is none it is
 * denied.  All that are asked for must be allowed.
 */
int devices_compile(const struct device_rule *rules, size_t count,
		    struct device_program *ret_program);
