/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec_resources - `linux.resources` of config.json, and what `update` reads. */
#pragma once

#include "libocispec/schema.h"
#include "libocispec/value.h"

/* config-linux.md, "Allowed Device list" */
enum oci_device_rule_type {
	OCI_DEVICE_RULE_ABSENT,    /* means the same as all */
	OCI_DEVICE_RULE_ALL,       /* a */
	OCI_DEVICE_RULE_CHARACTER, /* c */
	OCI_DEVICE_RULE_BLOCK,     /* b */
};
extern const char *const oci_device_rule_type_words[];

struct oci_device_rule {
	struct oci_bool allow; /* required */
	enum oci_device_rule_type type;
	struct oci_i64 major; /* absent: any */
	struct oci_i64 minor;
	const char *access; /* of r, w and m */
};
OCI_LIST(oci_device_rules, struct oci_device_rule);

/* "Memory"; -1 is "no limit" */
struct oci_memory {
	struct oci_i64 limit;
	struct oci_i64 reservation;
	struct oci_i64 swap;
	struct oci_i64 kernel;
	struct oci_i64 kernel_tcp;
	struct oci_u64 swappiness;
	struct oci_bool disable_oom_killer;
	struct oci_bool use_hierarchy;
	struct oci_bool check_before_update;
};

/* "CPU" */
struct oci_cpu {
	struct oci_u64 shares;
	struct oci_i64 quota;
	struct oci_u64 burst;
	struct oci_u64 period;
	struct oci_i64 realtime_runtime;
	struct oci_u64 realtime_period;
	const char *cpus;
	const char *mems;
	struct oci_i64 idle;
};

/* "PIDs" */
struct oci_pids {
	struct oci_i64 limit;
};

/* "Block IO" */
struct oci_weight_device {
	struct oci_i64 major; /* required */
	struct oci_i64 minor; /* required */
	struct oci_u16 weight;
	struct oci_u16 leaf_weight;
};
OCI_LIST(oci_weight_devices, struct oci_weight_device);

struct oci_throttle_device {
	struct oci_i64 major; /* required */
	struct oci_i64 minor; /* required */
	struct oci_u64 rate;  /* required */
};
OCI_LIST(oci_throttle_devices, struct oci_throttle_device);

struct oci_block_io {
	struct oci_u16 weight;
	struct oci_u16 leaf_weight;
	struct oci_weight_devices weight_device;
	struct oci_throttle_devices throttle_read_bps_device;
	struct oci_throttle_devices throttle_write_bps_device;
	struct oci_throttle_devices throttle_read_iops_device;
	struct oci_throttle_devices throttle_write_iops_device;
};

/* "Huge page limits" */
struct oci_hugepage_limit {
	const char *page_size; /* required */
	struct oci_u64 limit;  /* required */
};
OCI_LIST(oci_hugepage_limits, struct oci_hugepage_limit);

/* "Network" */
struct oci_interface_priority {
	const char *name;        /* required */
	struct oci_u32 priority; /* required */
};
OCI_LIST(oci_interface_priorities, struct oci_interface_priority);

struct oci_network {
	struct oci_u32 class_id;
	struct oci_interface_priorities priorities;
};

/* "RDMA" */
struct oci_rdma {
	const char *key; /* the device */
	struct oci_u32 hca_handles;
	struct oci_u32 hca_objects;
};
OCI_LIST(oci_rdmas, struct oci_rdma);

struct oci_resources {
	struct oci_device_rules devices;
	struct oci_memory *memory;
	struct oci_cpu *cpu;
	struct oci_pids *pids;
	struct oci_block_io *block_io;
	struct oci_hugepage_limits hugepage_limits;
	struct oci_network *network;
	struct oci_rdmas rdma;
	struct oci_pairs unified;
};

extern const struct oci_type oci_resources_type;
