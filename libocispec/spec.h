/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec - config.json of runtime-spec 1.3 as C types: the document, process, mounts, hooks. */
#pragma once

#include "libocispec/decode.h"
#include "libocispec/schema.h"
#include "libocispec/spec_linux.h"
#include "libocispec/value.h"

/* The versions of the specification that these tables know. */
#define OCI_VERSION_MAX "1.3.0"
#define OCI_VERSION_MIN "1.0.0"

/* gnu17 predefines it as 1; here it is the name that the specification gives to a member. */
#undef linux

/* config.md, "Root" */
struct oci_root {
	const char *path; /* required */
	struct oci_bool readonly;
};

/* config.md, "Process" */
struct oci_console_size {
	struct oci_u64 height; /* required */
	struct oci_u64 width;  /* required */
};

struct oci_user {
	struct oci_u32 uid;
	struct oci_u32 gid;
	struct oci_u32 umask;
	struct oci_u32s additional_gids;
};

/* Names as they stand there; whether the kernel knows them is not checked here. */
struct oci_capabilities {
	struct oci_strings bounding;
	struct oci_strings effective;
	struct oci_strings inheritable;
	struct oci_strings permitted;
	struct oci_strings ambient;
};

struct oci_rlimit {
	const char *type;    /* required; RLIMIT_... */
	struct oci_u64 hard; /* required */
	struct oci_u64 soft; /* required */
};
OCI_LIST(oci_rlimits, struct oci_rlimit);

enum oci_scheduler_policy {
	OCI_SCHED_ABSENT,
	OCI_SCHED_OTHER,
	OCI_SCHED_FIFO,
	OCI_SCHED_RR,
	OCI_SCHED_BATCH,
	OCI_SCHED_ISO,
	OCI_SCHED_IDLE,
	OCI_SCHED_DEADLINE,
};
extern const char *const oci_scheduler_policy_words[];

enum oci_scheduler_flag {
	OCI_SCHED_FLAG_ABSENT,
	OCI_SCHED_FLAG_RESET_ON_FORK,
	OCI_SCHED_FLAG_RECLAIM,
	OCI_SCHED_FLAG_DL_OVERRUN,
	OCI_SCHED_FLAG_KEEP_POLICY,
	OCI_SCHED_FLAG_KEEP_PARAMS,
	OCI_SCHED_FLAG_UTIL_CLAMP_MIN,
	OCI_SCHED_FLAG_UTIL_CLAMP_MAX,
};
extern const char *const oci_scheduler_flag_words[];
OCI_LIST(oci_scheduler_flags, enum oci_scheduler_flag);

struct oci_scheduler {
	enum oci_scheduler_policy policy; /* required */
	struct oci_i32 nice;
	struct oci_i32 priority;
	struct oci_scheduler_flags flags;
	struct oci_u64 runtime;
	struct oci_u64 deadline;
	struct oci_u64 period;
};

enum oci_io_class {
	OCI_IO_CLASS_ABSENT,
	OCI_IO_CLASS_RT,
	OCI_IO_CLASS_BE,
	OCI_IO_CLASS_IDLE,
};
extern const char *const oci_io_class_words[];

struct oci_io_priority {
	enum oci_io_class class; /* required */
	struct oci_i32 priority; /* required */
};

struct oci_exec_cpu_affinity {
	const char *initial;
	const char *final;
};

struct oci_process {
	struct oci_bool terminal;
	struct oci_console_size *console_size;
	struct oci_user *user;
	struct oci_strings args;
	struct oci_strings env;
	const char *cwd; /* required */
	struct oci_capabilities *capabilities;
	struct oci_rlimits rlimits;
	struct oci_bool no_new_privileges;
	const char *apparmor_profile;
	struct oci_i32 oom_score_adj;
	struct oci_scheduler *scheduler;
	const char *selinux_label;
	struct oci_io_priority *io_priority;
	struct oci_exec_cpu_affinity *exec_cpu_affinity;
};

/* config.md, "Mounts" */
struct oci_mount {
	const char *destination; /* required */
	const char *type;
	const char *source;
	struct oci_strings options;
	struct oci_id_mappings uid_mappings;
	struct oci_id_mappings gid_mappings;
};
OCI_LIST(oci_mounts, struct oci_mount);

/* config.md, "POSIX-platform Hooks" */
struct oci_hook {
	const char *path; /* required */
	struct oci_strings args;
	struct oci_strings env;
	struct oci_i64 timeout; /* seconds */
};
OCI_LIST(oci_hook_list, struct oci_hook);

struct oci_hooks {
	struct oci_hook_list prestart;
	struct oci_hook_list create_runtime;
	struct oci_hook_list create_container;
	struct oci_hook_list start_container;
	struct oci_hook_list poststart;
	struct oci_hook_list poststop;
};

/* The whole of config.json. */
struct oci_spec {
	const char *oci_version; /* required */
	struct oci_process *process;
	struct oci_root *root;
	const char *hostname;
	const char *domainname;
	struct oci_mounts mounts;
	struct oci_hooks *hooks;
	struct oci_pairs annotations;
	struct oci_linux *linux;
};

extern const struct oci_type oci_root_type;
extern const struct oci_type oci_process_type; /* also what `exec --process` reads */
extern const struct oci_type oci_mount_type;
extern const struct oci_type oci_hook_type;
extern const struct oci_type oci_hooks_type;
extern const struct oci_type oci_spec_type;

/* oci_decode() with the type of what is filled checked by the compiler. */
static inline int oci_decode_spec(const struct oci_document *document, struct arena *arena,
				  struct oci_spec *ret_spec, struct oci_error *ret_error)
{
	return oci_decode(&oci_spec_type, document, arena, ret_spec, ret_error);
}

static inline int oci_decode_process(const struct oci_document *document, struct arena *arena,
				     struct oci_process *ret_process,
				     struct oci_error *ret_error)
{
	return oci_decode(&oci_process_type, document, arena, ret_process, ret_error);
}

static inline int oci_decode_resources(const struct oci_document *document, struct arena *arena,
				       struct oci_resources *ret_resources,
				       struct oci_error *ret_error)
{
	return oci_decode(&oci_resources_type, document, arena, ret_resources, ret_error);
}
