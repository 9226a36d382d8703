/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec - the tables of config.json's top level, mounts and hooks. */
#include "libocispec/spec.h"

#include "libocispec/tables.h"

/* clang-format off */
#define T oci_root
const struct oci_type oci_root_type = TYPE(
	STRING("path",     path, REQUIRED),
	BOOL  ("readonly", readonly));
#undef T

#define T oci_mount
const struct oci_type oci_mount_type = TYPE(
	STRING ("destination", destination, REQUIRED),
	STRING ("type",        type),
	STRING ("source",      source),
	STRINGS("options",     options),
	OBJECTS("uidMappings", uid_mappings, oci_id_mapping),
	OBJECTS("gidMappings", gid_mappings, oci_id_mapping));
#undef T

#define T oci_hook
const struct oci_type oci_hook_type = TYPE(
	STRING ("path",    path, REQUIRED),
	STRINGS("args",    args),
	STRINGS("env",     env),
	I64    ("timeout", timeout));
#undef T

#define T oci_hooks
const struct oci_type oci_hooks_type = TYPE(
	OBJECTS("prestart",        prestart,         oci_hook),
	OBJECTS("createRuntime",   create_runtime,   oci_hook),
	OBJECTS("createContainer", create_container, oci_hook),
	OBJECTS("startContainer",  start_container,  oci_hook),
	OBJECTS("poststart",       poststart,        oci_hook),
	OBJECTS("poststop",        poststop,         oci_hook));
#undef T

#define T oci_spec
const struct oci_type oci_spec_type = TYPE(
	STRING    ("ociVersion",  oci_version, REQUIRED),
	OBJECT    ("process",     process,     oci_process),
	OBJECT    ("root",        root,        oci_root),
	STRING    ("hostname",    hostname),
	STRING    ("domainname",  domainname),
	OBJECTS   ("mounts",      mounts,      oci_mount),
	OBJECT    ("hooks",       hooks,       oci_hooks),
	STRING_MAP("annotations", annotations),
	OBJECT    ("linux",       linux,       oci_linux));
#undef T
/* clang-format on */
