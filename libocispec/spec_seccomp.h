/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec_seccomp - `linux.seccomp` of config.json (config-linux.md, "Seccomp"). */
#pragma once

#include "libocispec/schema.h"
#include "libocispec/value.h"

enum oci_seccomp_action {
	OCI_SECCOMP_ACT_ABSENT,
	OCI_SECCOMP_ACT_KILL,
	OCI_SECCOMP_ACT_KILL_PROCESS,
	OCI_SECCOMP_ACT_KILL_THREAD,
	OCI_SECCOMP_ACT_TRAP,
	OCI_SECCOMP_ACT_ERRNO,
	OCI_SECCOMP_ACT_TRACE,
	OCI_SECCOMP_ACT_ALLOW,
	OCI_SECCOMP_ACT_LOG,
	OCI_SECCOMP_ACT_NOTIFY,
};
extern const char *const oci_seccomp_action_words[];

enum oci_seccomp_operator {
	OCI_SECCOMP_CMP_ABSENT,
	OCI_SECCOMP_CMP_NE,
	OCI_SECCOMP_CMP_LT,
	OCI_SECCOMP_CMP_LE,
	OCI_SECCOMP_CMP_EQ,
	OCI_SECCOMP_CMP_GE,
	OCI_SECCOMP_CMP_GT,
	OCI_SECCOMP_CMP_MASKED_EQ,
};
extern const char *const oci_seccomp_operator_words[];

enum oci_seccomp_arch {
	OCI_SECCOMP_ARCH_ABSENT,
	OCI_SECCOMP_ARCH_X86,
	OCI_SECCOMP_ARCH_X86_64,
	OCI_SECCOMP_ARCH_X32,
	OCI_SECCOMP_ARCH_ARM,
	OCI_SECCOMP_ARCH_AARCH64,
	OCI_SECCOMP_ARCH_LOONGARCH64,
	OCI_SECCOMP_ARCH_M68K,
	OCI_SECCOMP_ARCH_MIPS,
	OCI_SECCOMP_ARCH_MIPS64,
	OCI_SECCOMP_ARCH_MIPS64N32,
	OCI_SECCOMP_ARCH_MIPSEL,
	OCI_SECCOMP_ARCH_MIPSEL64,
	OCI_SECCOMP_ARCH_MIPSEL64N32,
	OCI_SECCOMP_ARCH_PARISC,
	OCI_SECCOMP_ARCH_PARISC64,
	OCI_SECCOMP_ARCH_PPC,
	OCI_SECCOMP_ARCH_PPC64,
	OCI_SECCOMP_ARCH_PPC64LE,
	OCI_SECCOMP_ARCH_RISCV64,
	OCI_SECCOMP_ARCH_S390,
	OCI_SECCOMP_ARCH_S390X,
	OCI_SECCOMP_ARCH_SH,
	OCI_SECCOMP_ARCH_SHEB,
};
extern const char *const oci_seccomp_arch_words[];
OCI_LIST(oci_seccomp_archs, enum oci_seccomp_arch);

enum oci_seccomp_flag {
	OCI_SECCOMP_FLAG_ABSENT,
	OCI_SECCOMP_FLAG_TSYNC,
	OCI_SECCOMP_FLAG_LOG,
	OCI_SECCOMP_FLAG_SPEC_ALLOW,
	OCI_SECCOMP_FLAG_WAIT_KILLABLE_RECV,
};
extern const char *const oci_seccomp_flag_words[];
OCI_LIST(oci_seccomp_flags, enum oci_seccomp_flag);

struct oci_seccomp_arg {
	struct oci_u32 index; /* required */
	struct oci_u64 value; /* required */
	struct oci_u64 value_two;
	enum oci_seccomp_operator op; /* required */
};
OCI_LIST(oci_seccomp_args, struct oci_seccomp_arg);

struct oci_seccomp_syscall {
	struct oci_strings names;       /* required */
	enum oci_seccomp_action action; /* required */
	struct oci_u32 errno_ret;
	struct oci_seccomp_args args;
};
OCI_LIST(oci_seccomp_syscalls, struct oci_seccomp_syscall);

struct oci_seccomp {
	enum oci_seccomp_action default_action; /* required */
	struct oci_u32 default_errno_ret;
	struct oci_seccomp_archs architectures;
	struct oci_seccomp_flags flags;
	const char *listener_path;
	const char *listener_metadata;
	struct oci_seccomp_syscalls syscalls;
};

extern const struct oci_type oci_seccomp_type;
