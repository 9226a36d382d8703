/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccompwords - what the words of linux.seccomp mean to libseccomp and the kernel. */
#pragma once

#include <stdint.h>

/* By the enumerations of libocispec/spec_seccomp.h, each as long as its list of words. */
extern const uint32_t seccomp_actions[];       /* SCMP_ACT_*, without a value */
extern const int seccomp_comparisons[];        /* SCMP_CMP_* */
extern const uint32_t seccomp_architectures[]; /* SCMP_ARCH_* */
extern const uint32_t seccomp_flags[]; /* SECCOMP_FILTER_FLAG_*; 0: nothing to be done */
