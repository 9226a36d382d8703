/* SPDX-License-Identifier: GPL-2.0-or-later */
/* features - the document that says what a runtime can do (features.md, features-linux.md). */
#pragma once

#include "libocispec/schema.h"
#include "libocispec/value.h"

/* gnu17 predefines it as 1; here it is the name that the specification gives to a member. */
#undef linux

/* Absent means "not known"; false and empty lists mean "not supported". */
struct oci_cgroup_features {
	struct oci_bool v1;
	struct oci_bool v2;
	struct oci_bool systemd;
	struct oci_bool systemd_user;
	struct oci_bool rdma;
};

struct oci_seccomp_features {
	struct oci_bool enabled;
	struct oci_strings actions;
	struct oci_strings operators;
	struct oci_strings archs;
	struct oci_strings known_flags;
	struct oci_strings supported_flags;
};

/* AppArmor, SELinux, netDevices and idmap: nothing more to say than this. */
struct oci_enabled {
	struct oci_bool enabled;
};

struct oci_intel_rdt_features {
	struct oci_bool enabled;
	struct oci_bool schemata;
	struct oci_bool monitoring;
};

struct oci_memory_policy_features {
	struct oci_strings modes;
	struct oci_strings flags;
};

struct oci_mount_extensions {
	struct oci_enabled *idmap;
};

struct oci_linux_features {
	struct oci_strings namespaces;
	struct oci_strings capabilities;
	struct oci_cgroup_features *cgroup;
	struct oci_seccomp_features *seccomp;
	struct oci_enabled *apparmor;
	struct oci_enabled *selinux;
	struct oci_intel_rdt_features *intel_rdt;
	struct oci_memory_policy_features *memory_policy;
	struct oci_mount_extensions *mount_extensions;
	struct oci_enabled *net_devices;
};

struct oci_features {
	const char *oci_version_min; /* required */
	const char *oci_version_max; /* required */
	struct oci_strings hooks;
	struct oci_strings mount_options;
	struct oci_linux_features *linux;
	struct oci_pairs annotations;
	struct oci_strings potentially_unsafe_config_annotations;
};

extern const struct oci_type oci_features_type;
