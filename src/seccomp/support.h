/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support - what libseccomp and the running kernel can do. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Does the kernel know what ACTION (SCMP_ACT_*, any value in it) asks for? */
bool seccomp_has_action(uint32_t action);

/* Does libseccomp know ARCHITECTURE (SCMP_ARCH_*)? */
bool seccomp_has_architecture(uint32_t architecture);

/* Does the kernel take all of FLAGS (SECCOMP_FILTER_FLAG_*)?  With 0: filters at all? */
bool seccomp_has_flags(uint32_t flags);

/* The version of libseccomp, "2.5.4"; the text is static. */
const char *seccomp_library_version(void);
