/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interpreter - a machine for the instructions of device filters. */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>

#include "cgroup/devices.h"

/*
 * What PROGRAM answers to CONTEXT.  It ends the test when the program does what
 * the generator has no reason for.  *longest becomes the number of instructions
 * that this took, if it was less.
 */
bool interpreter_device(const struct device_program *program,
			const struct bpf_cgroup_dev_ctx *context, int *longest);
