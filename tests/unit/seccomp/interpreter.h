/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interpreter - runs a seccomp filter as the kernel would, without the kernel. */
#pragma once

#include <linux/seccomp.h>
#include <stdint.h>

#include "seccomp/profile.h"

/* What seccomp(2) would not have loaded, or what ran off the end. */
#define INTERPRETER_INVALID 0x0badc0deU

/* The SECCOMP_RET_* that PROGRAM has for DATA. */
uint32_t interpret(const struct seccomp_program *program, const struct seccomp_data *data);
