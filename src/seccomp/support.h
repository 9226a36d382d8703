/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support - what the libseccomp that we are linked with and the running kernel can do. */
#pragma once

#include <stdint.h>

#define SECCOMP_ACTIONS_MAX 10
#define SECCOMP_OPERATORS_MAX 8
#define SECCOMP_ARCHITECTURES_MAX 24
#define SECCOMP_FLAGS_MAX 5

/* The words of config.json; each list ends with NULL. */
struct seccomp_support {
	const char *actions[SECCOMP_ACTIONS_MAX];
	const char *operators[SECCOMP_OPERATORS_MAX];
	const char *architectures[SECCOMP_ARCHITECTURES_MAX];
	const char *known_flags[SECCOMP_FLAGS_MAX];
	const char *supported_flags[SECCOMP_FLAGS_MAX];
};

/* Empty lists on a kernel without seccomp filters. */
void seccomp_support_probe(struct seccomp_support *ret_support);

/* The SECCOMP_FILTER_FLAG_* that this kernel takes. */
uint32_t seccomp_supported_flags(void);

/* The first of FLAGS that this kernel does not take, as config.json calls it; NULL: it takes all. */
const char *seccomp_unsupported_flag(uint32_t flags);

/* The version of the linked libseccomp, "2.5.4"; the text is static. */
const char *seccomp_library_version(void);
