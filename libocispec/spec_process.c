/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec_process - the tables of config.json's process. */
#include "libocispec/spec.h"

#include "libocispec/tables.h"

/* clang-format off */
const char *const oci_scheduler_policy_words[] = {
	[OCI_SCHED_ABSENT]   = "",
	[OCI_SCHED_OTHER]    = "SCHED_OTHER",
	[OCI_SCHED_FIFO]     = "SCHED_FIFO",
	[OCI_SCHED_RR]       = "SCHED_RR",
	[OCI_SCHED_BATCH]    = "SCHED_BATCH",
	[OCI_SCHED_ISO]      = "SCHED_ISO",
	[OCI_SCHED_IDLE]     = "SCHED_IDLE",
	[OCI_SCHED_DEADLINE] = "SCHED_DEADLINE",
	NULL,
};

const char *const oci_scheduler_flag_words[] = {
	[OCI_SCHED_FLAG_ABSENT]         = "",
	[OCI_SCHED_FLAG_RESET_ON_FORK]  = "SCHED_FLAG_RESET_ON_FORK",
	[OCI_SCHED_FLAG_RECLAIM]        = "SCHED_FLAG_RECLAIM",
	[OCI_SCHED_FLAG_DL_OVERRUN]     = "SCHED_FLAG_DL_OVERRUN",
	[OCI_SCHED_FLAG_KEEP_POLICY]    = "SCHED_FLAG_KEEP_POLICY",
	[OCI_SCHED_FLAG_KEEP_PARAMS]    = "SCHED_FLAG_KEEP_PARAMS",
	[OCI_SCHED_FLAG_UTIL_CLAMP_MIN] = "SCHED_FLAG_UTIL_CLAMP_MIN",
	[OCI_SCHED_FLAG_UTIL_CLAMP_MAX] = "SCHED_FLAG_UTIL_CLAMP_MAX",
	NULL,
};

const char *const oci_io_class_words[] = {
	[OCI_IO_CLASS_ABSENT] = "",
	[OCI_IO_CLASS_RT]     = "IOPRIO_CLASS_RT",
	[OCI_IO_CLASS_BE]     = "IOPRIO_CLASS_BE",
	[OCI_IO_CLASS_IDLE]   = "IOPRIO_CLASS_IDLE",
	NULL,
};

#define T oci_console_size
static const struct oci_type oci_console_size_type = TYPE(
	U64("height", height, REQUIRED),
	U64("width",  width,  REQUIRED));
#undef T

#define T oci_user
static const struct oci_type oci_user_type = TYPE(
	U32 ("uid",            uid),
	U32 ("gid",            gid),
	U32 ("umask",          umask),
	U32S("additionalGids", additional_gids));
#undef T

#define T oci_capabilities
static const struct oci_type oci_capabilities_type = TYPE(
	STRINGS("bounding",    bounding),
	STRINGS("effective",   effective),
	STRINGS("inheritable", inheritable),
	STRINGS("permitted",   permitted),
	STRINGS("ambient",     ambient));
#undef T

#define T oci_rlimit
static const struct oci_type oci_rlimit_type = TYPE(
	STRING("type", type, REQUIRED),
	U64   ("hard", hard, REQUIRED),
	U64   ("soft", soft, REQUIRED));
#undef T

#define T oci_scheduler
static const struct oci_type oci_scheduler_type = TYPE(
	ENUM ("policy",   policy, oci_scheduler_policy, REQUIRED),
	I32  ("nice",     nice),
	I32  ("priority", priority),
	ENUMS("flags",    flags,  oci_scheduler_flag),
	U64  ("runtime",  runtime),
	U64  ("deadline", deadline),
	U64  ("period",   period));
#undef T

#define T oci_io_priority
static const struct oci_type oci_io_priority_type = TYPE(
	ENUM("class",    class, oci_io_class, REQUIRED),
	I32 ("priority", priority, REQUIRED));
#undef T

#define T oci_exec_cpu_affinity
static const struct oci_type oci_exec_cpu_affinity_type = TYPE(
	STRING("initial", initial),
	STRING("final",   final));
#undef T

#define T oci_process
const struct oci_type oci_process_type = TYPE(
	BOOL   ("terminal",        terminal),
	OBJECT ("consoleSize",     console_size, oci_console_size),
	OBJECT ("user",            user,         oci_user),
	STRINGS("args",            args),
	STRINGS("env",             env),
	STRING ("cwd",             cwd, REQUIRED),
	OBJECT ("capabilities",    capabilities, oci_capabilities),
	OBJECTS("rlimits",         rlimits,      oci_rlimit),
	BOOL   ("noNewPrivileges", no_new_privileges),
	STRING ("apparmorProfile", apparmor_profile),
	I32    ("oomScoreAdj",     oom_score_adj),
	OBJECT ("scheduler",       scheduler,    oci_scheduler),
	STRING ("selinuxLabel",    selinux_label),
	OBJECT ("ioPriority",      io_priority,  oci_io_priority),
	OBJECT ("execCPUAffinity", exec_cpu_affinity, oci_exec_cpu_affinity));
#undef T
/* clang-format on */
