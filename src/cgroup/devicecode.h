/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devicecode - the instructions of a device filter; for devices.c and deviceflat.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cgroup/devices.h"

/* What of the device a comparison looks at. */
enum device_part { PART_TYPE, PART_MAJOR, PART_MINOR };

/*
 * Jumps reach 32767 instructions far: beyond that nothing is added any more, and
 * devicecode_is_full() says so.
 */
#define DEVICE_CODE_MAX 32000

/* Add COUNT instructions as they are. */
void devicecode_add(struct device_program *program, const struct bpf_insn *code, size_t count);

/* DEVICE_* in the kernel's numbers. */
unsigned devicecode_rights(unsigned access);

/* Read what the kernel asks about; the answer is "no" until a verdict says otherwise. */
void devicecode_head(struct device_program *program);

/*
 * Add a jump that is taken when PART is not VALUE, or is VALUE or more; or
 * always.  Returns where it is, for devicecode_land().
 */
size_t devicecode_unless_equal(struct device_program *program, enum device_part part,
			       uint32_t value);
size_t devicecode_if_at_least(struct device_program *program, enum device_part part,
			      uint32_t value);
size_t devicecode_jump(struct device_program *program);

/* The jump at JUMP leads to what is added next. */
void devicecode_land(struct device_program *program, size_t jump);

/* The end: yes, if all rights that are asked for are among RIGHTS (DEVICE_*). */
void devicecode_verdict(struct device_program *program, unsigned rights);

bool devicecode_is_full(const struct device_program *program);
