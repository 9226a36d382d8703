/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec_linux - the tables of config.json's linux object. */
#include "libocispec/spec_linux.h"

#include "libocispec/tables.h"

/* clang-format off */
const char *const oci_namespace_type_words[] = {
	[OCI_NAMESPACE_ABSENT]  = "",
	[OCI_NAMESPACE_PID]     = "pid",
	[OCI_NAMESPACE_NETWORK] = "network",
	[OCI_NAMESPACE_MOUNT]   = "mount",
	[OCI_NAMESPACE_IPC]     = "ipc",
	[OCI_NAMESPACE_UTS]     = "uts",
	[OCI_NAMESPACE_USER]    = "user",
	[OCI_NAMESPACE_CGROUP]  = "cgroup",
	[OCI_NAMESPACE_TIME]    = "time",
	NULL,
};

const char *const oci_device_type_words[] = {
	[OCI_DEVICE_ABSENT]     = "",
	[OCI_DEVICE_CHARACTER]  = "c",
	[OCI_DEVICE_BLOCK]      = "b",
	[OCI_DEVICE_UNBUFFERED] = "u",
	[OCI_DEVICE_FIFO]       = "p",
	NULL,
};

const char *const oci_propagation_words[] = {
	[OCI_PROPAGATION_ABSENT]      = "",
	[OCI_PROPAGATION_SHARED]      = "shared",
	[OCI_PROPAGATION_RSHARED]     = "rshared",
	[OCI_PROPAGATION_SLAVE]       = "slave",
	[OCI_PROPAGATION_RSLAVE]      = "rslave",
	[OCI_PROPAGATION_PRIVATE]     = "private",
	[OCI_PROPAGATION_RPRIVATE]    = "rprivate",
	[OCI_PROPAGATION_UNBINDABLE]  = "unbindable",
	[OCI_PROPAGATION_RUNBINDABLE] = "runbindable",
	NULL,
};

const char *const oci_personality_domain_words[] = {
	[OCI_PERSONALITY_ABSENT]  = "",
	[OCI_PERSONALITY_LINUX]   = "LINUX",
	[OCI_PERSONALITY_LINUX32] = "LINUX32",
	NULL,
};

const char *const oci_memory_policy_mode_words[] = {
	[OCI_MPOL_ABSENT]              = "",
	[OCI_MPOL_DEFAULT]             = "MPOL_DEFAULT",
	[OCI_MPOL_PREFERRED]           = "MPOL_PREFERRED",
	[OCI_MPOL_BIND]                = "MPOL_BIND",
	[OCI_MPOL_INTERLEAVE]          = "MPOL_INTERLEAVE",
	[OCI_MPOL_LOCAL]               = "MPOL_LOCAL",
	[OCI_MPOL_PREFERRED_MANY]      = "MPOL_PREFERRED_MANY",
	[OCI_MPOL_WEIGHTED_INTERLEAVE] = "MPOL_WEIGHTED_INTERLEAVE",
	NULL,
};

const char *const oci_memory_policy_flag_words[] = {
	[OCI_MPOL_F_ABSENT]         = "",
	[OCI_MPOL_F_NUMA_BALANCING] = "MPOL_F_NUMA_BALANCING",
	[OCI_MPOL_F_RELATIVE_NODES] = "MPOL_F_RELATIVE_NODES",
	[OCI_MPOL_F_STATIC_NODES]   = "MPOL_F_STATIC_NODES",
	NULL,
};

#define T oci_namespace
static const struct oci_type oci_namespace_type = TYPE(
	ENUM  ("type", type, oci_namespace_type, REQUIRED),
	STRING("path", path));
#undef T

#define T oci_id_mapping
const struct oci_type oci_id_mapping_type = TYPE(
	U32("containerID", container_id, REQUIRED),
	U32("hostID",      host_id,      REQUIRED),
	U32("size",        size,         REQUIRED));
#undef T

#define T oci_time_offset
static const struct oci_type oci_time_offset_type = TYPE(
	I64("secs",     secs),
	U32("nanosecs", nanosecs));
#undef T

#define T oci_device
static const struct oci_type oci_device_type = TYPE(
	ENUM  ("type",     type, oci_device_type, REQUIRED),
	STRING("path",     path, REQUIRED),
	I64   ("major",    major),
	I64   ("minor",    minor),
	U32   ("fileMode", file_mode),
	U32   ("uid",      uid),
	U32   ("gid",      gid));
#undef T

#define T oci_net_device
static const struct oci_type oci_net_device_type = TYPE(
	STRING("name", name));
#undef T

#define T oci_intel_rdt
static const struct oci_type oci_intel_rdt_type = TYPE(
	STRING ("closID",           clos_id),
	STRINGS("schemata",         schemata),
	STRING ("l3CacheSchema",    l3_cache_schema),
	STRING ("memBwSchema",      mem_bw_schema),
	BOOL   ("enableMonitoring", enable_monitoring));
#undef T

#define T oci_personality
static const struct oci_type oci_personality_type = TYPE(
	ENUM   ("domain", domain, oci_personality_domain, REQUIRED),
	STRINGS("flags",  flags));
#undef T

#define T oci_memory_policy
static const struct oci_type oci_memory_policy_type = TYPE(
	ENUM  ("mode",  mode,  oci_memory_policy_mode, REQUIRED, .refusal = "invalid memory policy mode"),
	STRING("nodes", nodes),
	ENUMS ("flags", flags, oci_memory_policy_flag, .refusal = "invalid memory policy flag"));
#undef T

#define T oci_linux
const struct oci_type oci_linux_type = TYPE(
	OBJECTS   ("uidMappings",       uid_mappings,       oci_id_mapping),
	OBJECTS   ("gidMappings",       gid_mappings,       oci_id_mapping),
	STRING_MAP("sysctl",            sysctl),
	OBJECT    ("resources",         resources,          oci_resources),
	STRING    ("cgroupsPath",       cgroups_path),
	OBJECTS   ("namespaces",        namespaces,         oci_namespace),
	OBJECTS   ("devices",           devices,            oci_device),
	OBJECT_MAP("netDevices",        net_devices,        oci_net_device),
	OBJECT    ("seccomp",           seccomp,            oci_seccomp),
	ENUM      ("rootfsPropagation", rootfs_propagation, oci_propagation),
	STRINGS   ("maskedPaths",       masked_paths),
	STRINGS   ("readonlyPaths",     readonly_paths),
	STRING    ("mountLabel",        mount_label),
	OBJECT    ("intelRdt",          intel_rdt,          oci_intel_rdt),
	OBJECT    ("personality",       personality,        oci_personality),
	OBJECT_MAP("timeOffsets",       time_offsets,       oci_time_offset),
	OBJECT    ("memoryPolicy",      memory_policy,      oci_memory_policy));
#undef T
/* clang-format on */
