/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support - what the libseccomp that we are linked with and the running kernel can do. */
#include "seccomp/support.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

/* clang-format off */
static const struct {
	const char *name;
	uint32_t value;
} actions[] = {
	{ "SCMP_ACT_KILL",         SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS },
	{ "SCMP_ACT_KILL_THREAD",  SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_TRAP",         SECCOMP_RET_TRAP },
	{ "SCMP_ACT_ERRNO",        SECCOMP_RET_ERRNO },
	{ "SCMP_ACT_TRACE",        SECCOMP_RET_TRACE },
	{ "SCMP_ACT_ALLOW",        SECCOMP_RET_ALLOW },
	{ "SCMP_ACT_LOG",          SECCOMP_RET_LOG },
	{ "SCMP_ACT_NOTIFY",       SECCOMP_RET_USER_NOTIF },
};

/* libseccomp has always had all of them. */
static const char *const operators[] = {
	"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ",
	"SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ",
};

/* What libseccomp calls them, and what config.json does. */
static const struct {
	const char *library_name;
	const char *name;
} architectures[] = {
	{ "x86",         "SCMP_ARCH_X86" },
	{ "x86_64",      "SCMP_ARCH_X86_64" },
	{ "x32",         "SCMP_ARCH_X32" },
	{ "arm",         "SCMP_ARCH_ARM" },
	{ "aarch64",     "SCMP_ARCH_AARCH64" },
	{ "loongarch64", "SCMP_ARCH_LOONGARCH64" },
	{ "m68k",        "SCMP_ARCH_M68K" },
	{ "mips",        "SCMP_ARCH_MIPS" },
	{ "mips64",      "SCMP_ARCH_MIPS64" },
	{ "mips64n32",   "SCMP_ARCH_MIPS64N32" },
	{ "mipsel",      "SCMP_ARCH_MIPSEL" },
	{ "mipsel64",    "SCMP_ARCH_MIPSEL64" },
	{ "mipsel64n32", "SCMP_ARCH_MIPSEL64N32" },
	{ "parisc",      "SCMP_ARCH_PARISC" },
	{ "parisc64",    "SCMP_ARCH_PARISC64" },
	{ "ppc",         "SCMP_ARCH_PPC" },
	{ "ppc64",       "SCMP_ARCH_PPC64" },
	{ "ppc64le",     "SCMP_ARCH_PPC64LE" },
	{ "riscv64",     "SCMP_ARCH_RISCV64" },
	{ "s390",        "SCMP_ARCH_S390" },
	{ "s390x",       "SCMP_ARCH_S390X" },
	{ "sh",          "SCMP_ARCH_SH" },
	{ "sheb",        "SCMP_ARCH_SHEB" },
};

/* Waiting killably is only for filters with a listener. */
static const struct {
	const char *name;
	uint32_t value;
	uint32_t together_with;
} flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC",              SECCOMP_FILTER_FLAG_TSYNC, 0 },
	{ "SECCOMP_FILTER_FLAG_LOG",                SECCOMP_FILTER_FLAG_LOG, 0 },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW",         SECCOMP_FILTER_FLAG_SPEC_ALLOW, 0 },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
						    SECCOMP_FILTER_FLAG_NEW_LISTENER },
};
/* clang-format on */

_Static_assert(ARRAY_SIZE(actions) < SECCOMP_ACTIONS_MAX, "room for the final NULL");
_Static_assert(ARRAY_SIZE(operators) < SECCOMP_OPERATORS_MAX, "room for the final NULL");
_Static_assert(ARRAY_SIZE(architectures) < SECCOMP_ARCHITECTURES_MAX,
	       "room for the final NULL");
_Static_assert(ARRAY_SIZE(flags) < SECCOMP_FLAGS_MAX, "room for the final NULL");

static bool has_action(uint32_t value)
{
	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &value) == 0;
}

/* The kernel looks at the flags first and at the program, which is none, then. */
static bool has_flags(uint32_t value)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, value, NULL) < 0 &&
	       errno == EFAULT;
}

uint32_t seccomp_supported_flags(void)
{
	uint32_t supported = 0;

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (has_flags(flags[i].value | flags[i].together_with))
			supported |= flags[i].value;
	return supported;
}

const char *seccomp_unsupported_flag(uint32_t flags_wanted)
{
	if (has_flags(flags_wanted))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if ((flags_wanted & flags[i].value) &&
		    !has_flags(flags[i].value | flags[i].together_with))
			return flags[i].name;
	return NULL;
}

static void probe_flags(struct seccomp_support *support)
{
	uint32_t supported = seccomp_supported_flags();
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		support->known_flags[i] = flags[i].name;
		if (supported & flags[i].value)
			support->supported_flags[count++] = flags[i].name;
	}
}

void seccomp_support_probe(struct seccomp_support *ret_support)
{
	size_t count = 0;

	*ret_support = (struct seccomp_support){ 0 };
	if (!has_flags(0))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (has_action(actions[i].value))
			ret_support->actions[count++] = actions[i].name;
	count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++)
		if (seccomp_arch_resolve_name(architectures[i].library_name))
			ret_support->architectures[count++] = architectures[i].name;
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		ret_support->operators[i] = operators[i];
	probe_flags(ret_support);
}

const char *seccomp_library_version(void)
{
	static char text[36];
	const struct scmp_version *version = seccomp_version();

	snprintf(text, sizeof(text), "%u.%u.%u", version->major, version->minor,
		 version->micro);
	return text;
}
