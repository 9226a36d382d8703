/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec_linux - the `linux` object of config.json (config-linux.md). */
#pragma once

#include "libocispec/schema.h"
#include "libocispec/spec_resources.h"
#include "libocispec/spec_seccomp.h"
#include "libocispec/value.h"

/* "Namespaces" */
enum oci_namespace_type {
	OCI_NAMESPACE_ABSENT,
	OCI_NAMESPACE_PID,
	OCI_NAMESPACE_NETWORK,
	OCI_NAMESPACE_MOUNT,
	OCI_NAMESPACE_IPC,
	OCI_NAMESPACE_UTS,
	OCI_NAMESPACE_USER,
	OCI_NAMESPACE_CGROUP,
	OCI_NAMESPACE_TIME,
};
extern const char *const oci_namespace_type_words[];

struct oci_namespace {
	enum oci_namespace_type type; /* required */
	const char *path;
};
OCI_LIST(oci_namespaces, struct oci_namespace);

/* "User namespace mappings"; mounts have them too. */
struct oci_id_mapping {
	struct oci_u32 container_id; /* required */
	struct oci_u32 host_id;      /* required */
	struct oci_u32 size;         /* required */
};
OCI_LIST(oci_id_mappings, struct oci_id_mapping);

/* "Offset for Time Namespace" */
struct oci_time_offset {
	const char *key; /* monotonic, boottime */
	struct oci_i64 secs;
	struct oci_u32 nanosecs;
};
OCI_LIST(oci_time_offsets, struct oci_time_offset);

/* "Devices" */
enum oci_device_type {
	OCI_DEVICE_ABSENT,
	OCI_DEVICE_CHARACTER,  /* c */
	OCI_DEVICE_BLOCK,      /* b */
	OCI_DEVICE_UNBUFFERED, /* u, the same as c */
	OCI_DEVICE_FIFO,       /* p */
};
extern const char *const oci_device_type_words[];

struct oci_device {
	enum oci_device_type type; /* required */
	const char *path;          /* required */
	struct oci_i64 major;
	struct oci_i64 minor;
	struct oci_u32 file_mode;
	struct oci_u32 uid;
	struct oci_u32 gid;
};
OCI_LIST(oci_devices, struct oci_device);

/* "Network Devices" */
struct oci_net_device {
	const char *key;  /* its name on the host */
	const char *name; /* its name in the container */
};
OCI_LIST(oci_net_devices, struct oci_net_device);

/* "Rootfs Mount Propagation" */
enum oci_propagation {
	OCI_PROPAGATION_ABSENT,
	OCI_PROPAGATION_SHARED,
	OCI_PROPAGATION_RSHARED,
	OCI_PROPAGATION_SLAVE,
	OCI_PROPAGATION_RSLAVE,
	OCI_PROPAGATION_PRIVATE,
	OCI_PROPAGATION_RPRIVATE,
	OCI_PROPAGATION_UNBINDABLE,
	OCI_PROPAGATION_RUNBINDABLE,
};
extern const char *const oci_propagation_words[];

/* "IntelRdt" */
struct oci_intel_rdt {
	const char *clos_id;
	struct oci_strings schemata;
	const char *l3_cache_schema;
	const char *mem_bw_schema;
	struct oci_bool enable_monitoring;
};

/* "Personality" */
enum oci_personality_domain {
	OCI_PERSONALITY_ABSENT,
	OCI_PERSONALITY_LINUX,
	OCI_PERSONALITY_LINUX32,
};
extern const char *const oci_personality_domain_words[];

struct oci_personality {
	enum oci_personality_domain domain; /* required */
	struct oci_strings flags;
};

/* "Memory policy" */
enum oci_memory_policy_mode {
	OCI_MPOL_ABSENT,
	OCI_MPOL_DEFAULT,
	OCI_MPOL_PREFERRED,
	OCI_MPOL_BIND,
	OCI_MPOL_INTERLEAVE,
	OCI_MPOL_LOCAL,
	OCI_MPOL_PREFERRED_MANY,
	OCI_MPOL_WEIGHTED_INTERLEAVE,
};
extern const char *const oci_memory_policy_mode_words[];

enum oci_memory_policy_flag {
	OCI_MPOL_F_ABSENT,
	OCI_MPOL_F_NUMA_BALANCING,
	OCI_MPOL_F_RELATIVE_NODES,
	OCI_MPOL_F_STATIC_NODES,
};
extern const char *const oci_memory_policy_flag_words[];
OCI_LIST(oci_memory_policy_flags, enum oci_memory_policy_flag);

struct oci_memory_policy {
	enum oci_memory_policy_mode mode; /* required */
	const char *nodes;
	struct oci_memory_policy_flags flags;
};

struct oci_linux {
	struct oci_id_mappings uid_mappings;
	struct oci_id_mappings gid_mappings;
	struct oci_pairs sysctl;
	struct oci_resources *resources;
	const char *cgroups_path;
	struct oci_namespaces namespaces;
	struct oci_devices devices;
	struct oci_net_devices net_devices;
	struct oci_seccomp *seccomp;
	enum oci_propagation rootfs_propagation;
	struct oci_strings masked_paths;
	struct oci_strings readonly_paths;
	const char *mount_label;
	struct oci_intel_rdt *intel_rdt;
	struct oci_personality *personality;
	struct oci_time_offsets time_offsets;
	struct oci_memory_policy *memory_policy;
};

extern const struct oci_type oci_id_mapping_type;
extern const struct oci_type oci_linux_type;
