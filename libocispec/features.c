/* SPDX-License-Identifier: GPL-2.0-or-later */
/* features - the tables of the document that says what a runtime can do. */
#include "libocispec/features.h"

#include "libocispec/tables.h"

/* clang-format off */
#define T oci_cgroup_features
static const struct oci_type oci_cgroup_features_type = TYPE(
	BOOL("v1",          v1),
	BOOL("v2",          v2),
	BOOL("systemd",     systemd),
	BOOL("systemdUser", systemd_user),
	BOOL("rdma",        rdma));
#undef T

#define T oci_seccomp_features
static const struct oci_type oci_seccomp_features_type = TYPE(
	BOOL   ("enabled",        enabled),
	STRINGS("actions",        actions),
	STRINGS("operators",      operators),
	STRINGS("archs",          archs),
	STRINGS("knownFlags",     known_flags),
	STRINGS("supportedFlags", supported_flags));
#undef T

#define T oci_enabled
static const struct oci_type oci_enabled_type = TYPE(
	BOOL("enabled", enabled));
#undef T

#define T oci_intel_rdt_features
static const struct oci_type oci_intel_rdt_features_type = TYPE(
	BOOL("enabled",    enabled),
	BOOL("schemata",   schemata),
	BOOL("monitoring", monitoring));
#undef T

#define T oci_memory_policy_features
static const struct oci_type oci_memory_policy_features_type = TYPE(
	STRINGS("modes", modes),
	STRINGS("flags", flags));
#undef T

#define T oci_mount_extensions
static const struct oci_type oci_mount_extensions_type = TYPE(
	OBJECT("idmap", idmap, oci_enabled));
#undef T

#define T oci_linux_features
static const struct oci_type oci_linux_features_type = TYPE(
	STRINGS("namespaces",      namespaces),
	STRINGS("capabilities",    capabilities),
	OBJECT ("cgroup",          cgroup,           oci_cgroup_features),
	OBJECT ("seccomp",         seccomp,          oci_seccomp_features),
	OBJECT ("apparmor",        apparmor,         oci_enabled),
	OBJECT ("selinux",         selinux,          oci_enabled),
	OBJECT ("intelRdt",        intel_rdt,        oci_intel_rdt_features),
	OBJECT ("memoryPolicy",    memory_policy,    oci_memory_policy_features),
	OBJECT ("mountExtensions", mount_extensions, oci_mount_extensions),
	OBJECT ("netDevices",      net_devices,      oci_enabled));
#undef T

#define T oci_features
const struct oci_type oci_features_type = TYPE(
	STRING    ("ociVersionMin", oci_version_min, REQUIRED),
	STRING    ("ociVersionMax", oci_version_max, REQUIRED),
	STRINGS   ("hooks",         hooks),
	STRINGS   ("mountOptions",  mount_options),
	OBJECT    ("linux",         linux,           oci_linux_features),
	STRING_MAP("annotations",   annotations),
	STRINGS   ("potentiallyUnsafeConfigAnnotations",
		   potentially_unsafe_config_annotations));
#undef T
/* clang-format on */
