/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec_resources - the tables of config.json's linux.resources. */
#include "libocispec/spec_resources.h"

#include "libocispec/tables.h"

/* clang-format off */
const char *const oci_device_rule_type_words[] = {
	[OCI_DEVICE_RULE_ABSENT]    = "",
	[OCI_DEVICE_RULE_ALL]       = "a",
	[OCI_DEVICE_RULE_CHARACTER] = "c",
	[OCI_DEVICE_RULE_BLOCK]     = "b",
	NULL,
};

#define T oci_device_rule
static const struct oci_type oci_device_rule_type = TYPE(
	BOOL  ("allow",  allow, REQUIRED),
	ENUM  ("type",   type, oci_device_rule_type),
	I64   ("major",  major),
	I64   ("minor",  minor),
	STRING("access", access));
#undef T

#define T oci_memory
static const struct oci_type oci_memory_type = TYPE(
	I64 ("limit",             limit),
	I64 ("reservation",       reservation),
	I64 ("swap",              swap),
	I64 ("kernel",            kernel),
	I64 ("kernelTCP",         kernel_tcp),
	U64 ("swappiness",        swappiness),
	BOOL("disableOOMKiller",  disable_oom_killer),
	BOOL("useHierarchy",      use_hierarchy),
	BOOL("checkBeforeUpdate", check_before_update));
#undef T

#define T oci_cpu
static const struct oci_type oci_cpu_type = TYPE(
	U64   ("shares",          shares),
	I64   ("quota",           quota),
	U64   ("burst",           burst),
	U64   ("period",          period),
	I64   ("realtimeRuntime", realtime_runtime),
	U64   ("realtimePeriod",  realtime_period),
	STRING("cpus",            cpus),
	STRING("mems",            mems),
	I64   ("idle",            idle));
#undef T

#define T oci_pids
static const struct oci_type oci_pids_type = TYPE(
	I64("limit", limit));
#undef T

#define T oci_weight_device
static const struct oci_type oci_weight_device_type = TYPE(
	I64("major",      major, REQUIRED, KEY),
	I64("minor",      minor, REQUIRED, KEY),
	U16("weight",     weight),
	U16("leafWeight", leaf_weight));
#undef T

#define T oci_throttle_device
static const struct oci_type oci_throttle_device_type = TYPE(
	I64("major", major, REQUIRED, KEY),
	I64("minor", minor, REQUIRED, KEY),
	U64("rate",  rate,  REQUIRED));
#undef T

#define T oci_block_io
static const struct oci_type oci_block_io_type = TYPE(
	U16    ("weight",                  weight),
	U16    ("leafWeight",              leaf_weight),
	OBJECTS("weightDevice",            weight_device,              oci_weight_device),
	OBJECTS("throttleReadBpsDevice",   throttle_read_bps_device,   oci_throttle_device),
	OBJECTS("throttleWriteBpsDevice",  throttle_write_bps_device,  oci_throttle_device),
	OBJECTS("throttleReadIOPSDevice",  throttle_read_iops_device,  oci_throttle_device),
	OBJECTS("throttleWriteIOPSDevice", throttle_write_iops_device, oci_throttle_device));
#undef T

#define T oci_hugepage_limit
static const struct oci_type oci_hugepage_limit_type = TYPE(
	STRING("pageSize", page_size, REQUIRED, KEY),
	U64   ("limit",    limit,     REQUIRED));
#undef T

#define T oci_interface_priority
static const struct oci_type oci_interface_priority_type = TYPE(
	STRING("name",     name,     REQUIRED),
	U32   ("priority", priority, REQUIRED));
#undef T

#define T oci_network
static const struct oci_type oci_network_type = TYPE(
	U32    ("classID",    class_id),
	OBJECTS("priorities", priorities, oci_interface_priority));
#undef T

#define T oci_rdma
static const struct oci_type oci_rdma_type = TYPE(
	U32("hcaHandles", hca_handles),
	U32("hcaObjects", hca_objects));
#undef T

#define T oci_resources
const struct oci_type oci_resources_type = TYPE(
	OBJECTS   ("devices",        devices,         oci_device_rule),
	OBJECT    ("memory",         memory,          oci_memory),
	OBJECT    ("cpu",            cpu,             oci_cpu),
	OBJECT    ("pids",           pids,            oci_pids),
	OBJECT    ("blockIO",        block_io,        oci_block_io),
	OBJECTS   ("hugepageLimits", hugepage_limits, oci_hugepage_limit),
	OBJECT    ("network",        network,         oci_network),
	OBJECT_MAP("rdma",           rdma,            oci_rdma),
	STRING_MAP("unified",        unified));
#undef T
/* clang-format on */
