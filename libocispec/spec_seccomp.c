/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec_seccomp - the tables of config.json's linux.seccomp. */
#include "libocispec/spec_seccomp.h"

#include "libocispec/tables.h"

/* clang-format off */
const char *const oci_seccomp_action_words[] = {
	[OCI_SECCOMP_ACT_ABSENT]       = "",
	[OCI_SECCOMP_ACT_KILL]         = "SCMP_ACT_KILL",
	[OCI_SECCOMP_ACT_KILL_PROCESS] = "SCMP_ACT_KILL_PROCESS",
	[OCI_SECCOMP_ACT_KILL_THREAD]  = "SCMP_ACT_KILL_THREAD",
	[OCI_SECCOMP_ACT_TRAP]         = "SCMP_ACT_TRAP",
	[OCI_SECCOMP_ACT_ERRNO]        = "SCMP_ACT_ERRNO",
	[OCI_SECCOMP_ACT_TRACE]        = "SCMP_ACT_TRACE",
	[OCI_SECCOMP_ACT_ALLOW]        = "SCMP_ACT_ALLOW",
	[OCI_SECCOMP_ACT_LOG]          = "SCMP_ACT_LOG",
	[OCI_SECCOMP_ACT_NOTIFY]       = "SCMP_ACT_NOTIFY",
	NULL,
};

const char *const oci_seccomp_operator_words[] = {
	[OCI_SECCOMP_CMP_ABSENT]    = "",
	[OCI_SECCOMP_CMP_NE]        = "SCMP_CMP_NE",
	[OCI_SECCOMP_CMP_LT]        = "SCMP_CMP_LT",
	[OCI_SECCOMP_CMP_LE]        = "SCMP_CMP_LE",
	[OCI_SECCOMP_CMP_EQ]        = "SCMP_CMP_EQ",
	[OCI_SECCOMP_CMP_GE]        = "SCMP_CMP_GE",
	[OCI_SECCOMP_CMP_GT]        = "SCMP_CMP_GT",
	[OCI_SECCOMP_CMP_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
	NULL,
};

const char *const oci_seccomp_arch_words[] = {
	[OCI_SECCOMP_ARCH_ABSENT]      = "",
	[OCI_SECCOMP_ARCH_X86]         = "SCMP_ARCH_X86",
	[OCI_SECCOMP_ARCH_X86_64]      = "SCMP_ARCH_X86_64",
	[OCI_SECCOMP_ARCH_X32]         = "SCMP_ARCH_X32",
	[OCI_SECCOMP_ARCH_ARM]         = "SCMP_ARCH_ARM",
	[OCI_SECCOMP_ARCH_AARCH64]     = "SCMP_ARCH_AARCH64",
	[OCI_SECCOMP_ARCH_LOONGARCH64] = "SCMP_ARCH_LOONGARCH64",
	[OCI_SECCOMP_ARCH_M68K]        = "SCMP_ARCH_M68K",
	[OCI_SECCOMP_ARCH_MIPS]        = "SCMP_ARCH_MIPS",
	[OCI_SECCOMP_ARCH_MIPS64]      = "SCMP_ARCH_MIPS64",
	[OCI_SECCOMP_ARCH_MIPS64N32]   = "SCMP_ARCH_MIPS64N32",
	[OCI_SECCOMP_ARCH_MIPSEL]      = "SCMP_ARCH_MIPSEL",
	[OCI_SECCOMP_ARCH_MIPSEL64]    = "SCMP_ARCH_MIPSEL64",
	[OCI_SECCOMP_ARCH_MIPSEL64N32] = "SCMP_ARCH_MIPSEL64N32",
	[OCI_SECCOMP_ARCH_PARISC]      = "SCMP_ARCH_PARISC",
	[OCI_SECCOMP_ARCH_PARISC64]    = "SCMP_ARCH_PARISC64",
	[OCI_SECCOMP_ARCH_PPC]         = "SCMP_ARCH_PPC",
	[OCI_SECCOMP_ARCH_PPC64]       = "SCMP_ARCH_PPC64",
	[OCI_SECCOMP_ARCH_PPC64LE]     = "SCMP_ARCH_PPC64LE",
	[OCI_SECCOMP_ARCH_RISCV64]     = "SCMP_ARCH_RISCV64",
	[OCI_SECCOMP_ARCH_S390]        = "SCMP_ARCH_S390",
	[OCI_SECCOMP_ARCH_S390X]       = "SCMP_ARCH_S390X",
	[OCI_SECCOMP_ARCH_SH]          = "SCMP_ARCH_SH",
	[OCI_SECCOMP_ARCH_SHEB]        = "SCMP_ARCH_SHEB",
	NULL,
};

const char *const oci_seccomp_flag_words[] = {
	[OCI_SECCOMP_FLAG_ABSENT]             = "",
	[OCI_SECCOMP_FLAG_TSYNC]              = "SECCOMP_FILTER_FLAG_TSYNC",
	[OCI_SECCOMP_FLAG_LOG]                = "SECCOMP_FILTER_FLAG_LOG",
	[OCI_SECCOMP_FLAG_SPEC_ALLOW]         = "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
	[OCI_SECCOMP_FLAG_WAIT_KILLABLE_RECV] = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	NULL,
};

#define T oci_seccomp_arg
static const struct oci_type oci_seccomp_arg_type = TYPE(
	U32 ("index",    index, REQUIRED),
	U64 ("value",    value, REQUIRED),
	U64 ("valueTwo", value_two),
	ENUM("op",       op, oci_seccomp_operator, REQUIRED));
#undef T

#define T oci_seccomp_syscall
static const struct oci_type oci_seccomp_syscall_type = TYPE(
	STRINGS("names",    names,  REQUIRED),
	ENUM   ("action",   action, oci_seccomp_action, REQUIRED),
	U32    ("errnoRet", errno_ret),
	OBJECTS("args",     args,   oci_seccomp_arg));
#undef T

#define T oci_seccomp
const struct oci_type oci_seccomp_type = TYPE(
	ENUM   ("defaultAction",    default_action, oci_seccomp_action, REQUIRED),
	U32    ("defaultErrnoRet",  default_errno_ret),
	ENUMS  ("architectures",    architectures,  oci_seccomp_arch),
	ENUMS  ("flags",            flags,          oci_seccomp_flag),
	STRING ("listenerPath",     listener_path),
	STRING ("listenerMetadata", listener_metadata),
	OBJECTS("syscalls",         syscalls,       oci_seccomp_syscall));
#undef T
/* clang-format on */
