/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccompwords - what the words of linux.seccomp mean to libseccomp and the kernel. */
#include "plan/seccompwords.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include "libocispec/spec_seccomp.h"

/* clang-format off */
const uint32_t seccomp_actions[] = {
	[OCI_SECCOMP_ACT_KILL]         = SCMP_ACT_KILL,
	[OCI_SECCOMP_ACT_KILL_PROCESS] = SCMP_ACT_KILL_PROCESS,
	[OCI_SECCOMP_ACT_KILL_THREAD]  = SCMP_ACT_KILL_THREAD,
	[OCI_SECCOMP_ACT_TRAP]         = SCMP_ACT_TRAP,
	[OCI_SECCOMP_ACT_ERRNO]        = SCMP_ACT_ERRNO(0),
	[OCI_SECCOMP_ACT_TRACE]        = SCMP_ACT_TRACE(0),
	[OCI_SECCOMP_ACT_ALLOW]        = SCMP_ACT_ALLOW,
	[OCI_SECCOMP_ACT_LOG]          = SCMP_ACT_LOG,
	[OCI_SECCOMP_ACT_NOTIFY]       = SCMP_ACT_NOTIFY,
};

const int seccomp_comparisons[] = {
	[OCI_SECCOMP_CMP_NE]        = SCMP_CMP_NE,
	[OCI_SECCOMP_CMP_LT]        = SCMP_CMP_LT,
	[OCI_SECCOMP_CMP_LE]        = SCMP_CMP_LE,
	[OCI_SECCOMP_CMP_EQ]        = SCMP_CMP_EQ,
	[OCI_SECCOMP_CMP_GE]        = SCMP_CMP_GE,
	[OCI_SECCOMP_CMP_GT]        = SCMP_CMP_GT,
	[OCI_SECCOMP_CMP_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
};

/* What older versions of seccomp.h lack goes by the kernel's name; seccomp/ skips it there. */
const uint32_t seccomp_architectures[] = {
	[OCI_SECCOMP_ARCH_X86]         = SCMP_ARCH_X86,
	[OCI_SECCOMP_ARCH_X86_64]      = SCMP_ARCH_X86_64,
	[OCI_SECCOMP_ARCH_X32]         = SCMP_ARCH_X32,
	[OCI_SECCOMP_ARCH_ARM]         = SCMP_ARCH_ARM,
	[OCI_SECCOMP_ARCH_AARCH64]     = SCMP_ARCH_AARCH64,
	[OCI_SECCOMP_ARCH_LOONGARCH64] = AUDIT_ARCH_LOONGARCH64,
	[OCI_SECCOMP_ARCH_M68K]        = AUDIT_ARCH_M68K,
	[OCI_SECCOMP_ARCH_MIPS]        = SCMP_ARCH_MIPS,
	[OCI_SECCOMP_ARCH_MIPS64]      = SCMP_ARCH_MIPS64,
	[OCI_SECCOMP_ARCH_MIPS64N32]   = SCMP_ARCH_MIPS64N32,
	[OCI_SECCOMP_ARCH_MIPSEL]      = SCMP_ARCH_MIPSEL,
	[OCI_SECCOMP_ARCH_MIPSEL64]    = SCMP_ARCH_MIPSEL64,
	[OCI_SECCOMP_ARCH_MIPSEL64N32] = SCMP_ARCH_MIPSEL64N32,
	[OCI_SECCOMP_ARCH_PARISC]      = SCMP_ARCH_PARISC,
	[OCI_SECCOMP_ARCH_PARISC64]    = SCMP_ARCH_PARISC64,
	[OCI_SECCOMP_ARCH_PPC]         = SCMP_ARCH_PPC,
	[OCI_SECCOMP_ARCH_PPC64]       = SCMP_ARCH_PPC64,
	[OCI_SECCOMP_ARCH_PPC64LE]     = SCMP_ARCH_PPC64LE,
	[OCI_SECCOMP_ARCH_RISCV64]     = SCMP_ARCH_RISCV64,
	[OCI_SECCOMP_ARCH_S390]        = SCMP_ARCH_S390,
	[OCI_SECCOMP_ARCH_S390X]       = SCMP_ARCH_S390X,
	[OCI_SECCOMP_ARCH_SH]          = AUDIT_ARCH_SHEL,
	[OCI_SECCOMP_ARCH_SHEB]        = AUDIT_ARCH_SH,
};

/* TSYNC is for processes with threads, of which init has but the one that it filters. */
const uint32_t seccomp_flags[] = {
	[OCI_SECCOMP_FLAG_TSYNC]              = 0,
	[OCI_SECCOMP_FLAG_LOG]                = SECCOMP_FILTER_FLAG_LOG,
	[OCI_SECCOMP_FLAG_SPEC_ALLOW]         = SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	[OCI_SECCOMP_FLAG_WAIT_KILLABLE_RECV] = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
};
/* clang-format on */
