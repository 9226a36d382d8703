/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spec - a config.json to begin with. */
#include "container/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "libocispec/encode.h"
#include "libocispec/spec.h"

/* clang-format off */
/* A list of strings for a table. */
#define STRINGS(...) \
	{ \
		.items = (const char *const[]){ __VA_ARGS__ }, \
		.count = ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })), \
		.is_set = true, \
	}

static const struct oci_mount mounts[] = {
	{ "/proc",          "proc",   "proc" },
	{ "/dev",           "tmpfs",  "tmpfs",
	  STRINGS("nosuid", "strictatime", "mode=755", "size=65536k") },
	{ "/dev/pts",       "devpts", "devpts",
	  STRINGS("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5") },
	{ "/dev/shm",       "tmpfs",  "shm",
	  STRINGS("nosuid", "noexec", "nodev", "mode=1777", "size=65536k") },
	{ "/dev/mqueue",    "mqueue", "mqueue",
	  STRINGS("nosuid", "noexec", "nodev") },
	{ "/sys",           "sysfs",  "sysfs",
	  STRINGS("nosuid", "noexec", "nodev", "ro") },
	{ "/sys/fs/cgroup", "cgroup", "cgroup",
	  STRINGS("nosuid", "noexec", "nodev", "relatime", "ro") },
};

/*
 * In their place for an ordinary user: group 5 is not mapped, and a new sysfs may be mounted by
 * the owner of the network namespace only, which stays the host's.
 */
static const struct oci_mount rootless_mounts[] = {
	{ "/dev/pts",       "devpts", "devpts",
	  STRINGS("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620") },
	{ "/sys",           "none",   "/sys",
	  STRINGS("rbind", "nosuid", "noexec", "nodev", "ro") },
};

static const enum oci_namespace_type namespaces[] = {
	OCI_NAMESPACE_PID,
	OCI_NAMESPACE_NETWORK,
	OCI_NAMESPACE_IPC,
	OCI_NAMESPACE_UTS,
	OCI_NAMESPACE_MOUNT,
	OCI_NAMESPACE_CGROUP,
};

static const struct oci_strings masked_paths = STRINGS(
	"/proc/acpi",
	"/proc/asound",
	"/proc/interrupts",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/sys/devices/virtual/powercap",
	"/sys/firmware");

static const struct oci_strings readonly_paths = STRINGS(
	"/proc/bus",
	"/proc/fs",
	"/proc/irq",
	"/proc/sys",
	"/proc/sysrq-trigger");

static const struct oci_strings capabilities = STRINGS(
	"CAP_AUDIT_WRITE",
	"CAP_KILL",
	"CAP_NET_BIND_SERVICE");

static const struct oci_strings environment = STRINGS(
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"TERM=xterm");

static const struct oci_strings arguments = STRINGS("sh");
/* clang-format on */

/* What the document's pointers point to. */
struct parts {
	struct oci_spec spec;
	struct oci_process process;
	struct oci_user user;
	struct oci_capabilities sets;
	struct oci_rlimit files;
	struct oci_root root;
	struct oci_mount mounts[ARRAY_SIZE(mounts)];
	struct oci_linux in_linux;
	struct oci_resources resources;
	struct oci_device_rule no_devices;
	struct oci_namespace namespaces[ARRAY_SIZE(namespaces) + 1];
	struct oci_id_mapping uid_map, gid_map;
};

/* A list of one item. */
#define ONE(item)                                            \
	{                                                    \
		.items = &(item), .count = 1, .is_set = true \
	}

static void fill_process(struct parts *parts)
{
	parts->user = (struct oci_user){ .uid = OCI_SET(0), .gid = OCI_SET(0) };
	parts->sets = (struct oci_capabilities){
		.bounding = capabilities,
		.effective = capabilities,
		.permitted = capabilities,
	};
	parts->files = (struct oci_rlimit){ "RLIMIT_NOFILE", OCI_SET(1024), OCI_SET(1024) };
	parts->process = (struct oci_process){
		.terminal = OCI_SET(true),
		.user = &parts->user,
		.args = arguments,
		.env = environment,
		.cwd = "/",
		.capabilities = &parts->sets,
		.rlimits = ONE(parts->files),
		.no_new_privileges = OCI_SET(true),
	};
}

static void fill_linux(struct parts *parts)
{
	parts->no_devices =
		(struct oci_device_rule){ .allow = OCI_SET(false), .access = "rwm" };
	parts->resources = (struct oci_resources){ .devices = ONE(parts->no_devices) };
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		parts->namespaces[i].type = namespaces[i];
	parts->in_linux = (struct oci_linux){
		.resources = &parts->resources,
		.namespaces = { parts->namespaces, ARRAY_SIZE(namespaces), true },
		.masked_paths = masked_paths,
		.readonly_paths = readonly_paths,
	};
}

static void fill(struct parts *parts)
{
	fill_process(parts);
	fill_linux(parts);
	memcpy(parts->mounts, mounts, sizeof(mounts));
	parts->root = (struct oci_root){ "rootfs", .readonly = OCI_SET(true) };
	parts->spec = (struct oci_spec){
		.oci_version = OCI_VERSION_MAX,
		.process = &parts->process,
		.root = &parts->root,
		.hostname = "tare",
		.mounts = OCI_LIST_OF(parts->mounts),
		.linux = &parts->in_linux,
	};
}

/* The network stays the host's, and no limit can be counted on. */
static void make_rootless(struct parts *parts, uid_t uid, gid_t gid)
{
	struct oci_linux *in_linux = &parts->in_linux;

	for (size_t i = 0; i < ARRAY_SIZE(mounts); i++)
		for (size_t j = 0; j < ARRAY_SIZE(rootless_mounts); j++)
			if (strcmp(mounts[i].destination, rootless_mounts[j].destination) == 0)
				parts->mounts[i] = rootless_mounts[j];
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++)
		if (namespaces[i] == OCI_NAMESPACE_NETWORK)
			parts->namespaces[i].type = OCI_NAMESPACE_USER;
	parts->uid_map = (struct oci_id_mapping){ OCI_SET(0), OCI_SET(uid), OCI_SET(1) };
	parts->gid_map = (struct oci_id_mapping){ OCI_SET(0), OCI_SET(gid), OCI_SET(1) };
	in_linux->uid_mappings = (struct oci_id_mappings)ONE(parts->uid_map);
	in_linux->gid_mappings = (struct oci_id_mappings)ONE(parts->gid_map);
	in_linux->resources = NULL;
}

void spec_text(bool is_rootless, uid_t uid, gid_t gid, struct buf *out)
{
	struct oci_text text = { 0 };
	struct parts parts = { 0 };

	fill(&parts);
	if (is_rootless)
		make_rootless(&parts, uid, gid);
	oci_encode(&oci_spec_type, &parts.spec, "\t", &text);
	buf_add(out, text.bytes, text.size);
	buf_add(out, "\n", 1);
	oci_text_release(&text);
}

/* What is named on purpose may be there already, may be a pipe even; what is not may be precious. */
static int open_file(const struct spec_options *options, int directory)
{
	int fd;

	if (options->file)
		return fd_open(directory, options->file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	fd = fd_open(directory, "config.json", O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (fd != -EEXIST)
		return fd;
	err_clear();
	return err_refuse("File config.json exists. Remove it first");
}

int container_spec(const struct spec_options *options)
{
	const char *bundle = options->bundle ? options->bundle : ".";
	_cleanup_buf_ struct buf text = { 0 };
	_cleanup_close_ int directory = fd_open(AT_FDCWD, bundle, O_PATH | O_DIRECTORY, 0);
	_cleanup_close_ int fd = NO_FD;

	if (directory < 0)
		return err_while("bundle");
	fd = open_file(options, directory);
	if (fd < 0)
		return fd;
	spec_text(options->is_rootless, geteuid(), getegid(), &text);
	if (fd_write_all(fd, text.text, text.size)) {
		if (!options->file)
			unlinkat(directory, "config.json", 0);
		return err_while("%s", options->file ? options->file : "config.json");
	}
	return 0;
}
