/* SPDX-License-Identifier: GPL-2.0-or-later */
/* section - where the specification tells about a member of config.json, and what in short. */
#include "libocispec/section.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define PATH_SIZE 192

/* clang-format off */
#define CONFIG(heading) "config.md, " heading
#define LINUX(heading)  "config-linux.md, " heading

const struct oci_section oci_sections[] = {
	/* path, heading, rule */
	{ "ociVersion",    CONFIG("Specification version"), "the version of the specification, in SemVer 2.0.0 form, that the bundle complies with" },
	{ "root",          CONFIG("Root"),     "the container's root file system" },
	{ "root.path",     CONFIG("Root"),     "a directory must exist at the path, absolute or relative to the bundle" },
	{ "root.readonly", CONFIG("Root"),     "true makes the root file system read-only inside the container" },
	{ "hostname",      CONFIG("Hostname"), "the hostname as processes in the container see it; needs a UTS namespace" },
	{ "domainname",    CONFIG("Domainname"), "the domain name as processes in the container see it; needs a UTS namespace" },
	{ "annotations",   CONFIG("Annotations"), "a map of strings to strings, keys unique and not empty" },

	{ "mounts",               CONFIG("Mounts"), "file systems to be mounted in this order" },
	{ "mounts[].destination", CONFIG("Mounts"), "where it is mounted: an absolute path inside the container" },
	{ "mounts[].type",        CONFIG("POSIX-platform Mounts"), "the type of file system, as the kernel lists them in /proc/filesystems" },
	{ "mounts[].source",      CONFIG("Mounts"), "a device name, or for bind mounts a file or directory, absolute or relative to the bundle" },
	{ "mounts[].options",     CONFIG("Linux mount options"), "options of the mount as in mount(8), others are for the file system" },
	{ "mounts[].uidMappings", CONFIG("POSIX-platform Mounts"), "mappings of an idmapped mount; gidMappings must be given with them" },
	{ "mounts[].gidMappings", CONFIG("POSIX-platform Mounts"), "mappings of an idmapped mount; uidMappings must be given with them" },

	{ "process",                 CONFIG("Process"), "the container's process; needed to start it" },
	{ "process.terminal",        CONFIG("Process"), "true attaches a terminal to the process" },
	{ "process.consoleSize",     CONFIG("Process"), "the size of the terminal in characters; ignored without a terminal" },
	{ "process.cwd",             CONFIG("Process"), "the working directory: an absolute path" },
	{ "process.env",             CONFIG("Process"), "the environment, as environ(7) describes it: NAME=value" },
	{ "process.args",            CONFIG("Process"), "at least one entry is required; the first is what is executed" },
	{ "process.rlimits",         CONFIG("POSIX process"), "resource limits of the process, each type once" },
	{ "process.rlimits[].type",  CONFIG("POSIX process"), "a resource of getrlimit(3), such as RLIMIT_NOFILE" },
	{ "process.rlimits[].soft",  CONFIG("POSIX process"), "the limit that is enforced, at most the hard one" },
	{ "process.rlimits[].hard",  CONFIG("POSIX process"), "the ceiling of the soft limit" },
	{ "process.user",            CONFIG("POSIX-platform User"), "who the process runs as, in ids of the container" },
	{ "process.user.umask",      CONFIG("POSIX-platform User"), "the umask; as the caller's where it is not given" },
	{ "process.user.additionalGids", CONFIG("POSIX-platform User"), "further group ids of the process" },
	{ "process.apparmorProfile", CONFIG("Linux Process"), "the name of an AppArmor profile that is loaded" },
	{ "process.selinuxLabel",    CONFIG("Linux Process"), "the SELinux label of the process" },
	{ "process.capabilities",    CONFIG("Linux Process"), "sets of capabilities(7) by name; unknown or ungrantable ones are a warning" },
	{ "process.noNewPrivileges", CONFIG("Linux Process"), "true keeps the process from gaining privileges" },
	{ "process.oomScoreAdj",     CONFIG("Linux Process"), "the adjustment of the OOM killer's score, -1000 to 1000" },
	{ "process.scheduler",       CONFIG("Linux Process"), "scheduling policy and attributes, as in sched_setattr(2)" },
	{ "process.scheduler.policy", CONFIG("Linux Process"), "required: one of the policies of sched(7)" },
	{ "process.scheduler.nice",  CONFIG("Linux Process"), "the nice value, -20 to 19" },
	{ "process.scheduler.priority", CONFIG("Linux Process"), "the static priority, for SCHED_FIFO and SCHED_RR" },
	{ "process.ioPriority",      CONFIG("Linux Process"), "class and priority of I/O, as in ioprio_set(2)" },
	{ "process.ioPriority.priority", CONFIG("Linux Process"), "the priority within the class, 0 to 7" },
	{ "process.execCPUAffinity", CONFIG("Linux Process"), "lists of CPUs for processes that are executed later" },

	{ "hooks",                   CONFIG("POSIX-platform Hooks"), "programs that are run at points of the container's life" },
	{ "hooks.prestart",          CONFIG("POSIX-platform Hooks"), "deprecated: run in the runtime namespace before the start" },
	{ "hooks.createRuntime",     CONFIG("POSIX-platform Hooks"), "run in the runtime namespace while the container is created; the path resolves there" },
	{ "hooks.createContainer",   CONFIG("POSIX-platform Hooks"), "run in the container namespace while it is created; the path resolves in the runtime namespace" },
	{ "hooks.startContainer",    CONFIG("POSIX-platform Hooks"), "run in the container before its process is; the path resolves in the container" },
	{ "hooks.poststart",         CONFIG("POSIX-platform Hooks"), "run in the runtime namespace after the start; the path resolves there" },
	{ "hooks.poststop",          CONFIG("POSIX-platform Hooks"), "run in the runtime namespace after deletion; the path resolves there" },

	{ "linux",                     CONFIG("Platform-specific configuration"), "what is particular to Linux containers" },
	{ "linux.namespaces",          LINUX("Namespaces"), "namespaces to create or join, each type once" },
	{ "linux.namespaces[].type",   LINUX("Namespaces"), "required: pid, network, mount, ipc, uts, user, cgroup or time; a second one of a type is an error" },
	{ "linux.namespaces[].path",   LINUX("Namespaces"), "an absolute path, in the runtime namespace, of a namespace of that type" },
	{ "linux.uidMappings",         LINUX("User namespace mappings"), "user ids of the container on the host" },
	{ "linux.gidMappings",         LINUX("User namespace mappings"), "group ids of the container on the host" },
	{ "linux.timeOffsets",         LINUX("Offset for Time Namespace"), "offsets of the clocks monotonic and boottime in a new time namespace" },
	{ "linux.devices",             LINUX("Devices"), "devices that must be there in the container" },
	{ "linux.devices[].type",      LINUX("Devices"), "required: c, b, u or p" },
	{ "linux.devices[].path",      LINUX("Devices"), "required: the absolute path inside the container" },
	{ "linux.devices[].major",     LINUX("Devices"), "the device's major number, required but for a FIFO" },
	{ "linux.devices[].minor",     LINUX("Devices"), "the device's minor number, required but for a FIFO" },
	{ "linux.devices[].fileMode",  LINUX("Devices"), "the file mode of the device" },
	{ "linux.netDevices",          LINUX("Network Devices"), "devices of the host that are moved into the container's network namespace" },
	{ "linux.cgroupsPath",         LINUX("Cgroups Path"), "the container's cgroup: absolute below the mount, or relative to where the runtime puts containers" },
	{ "linux.rootfsPropagation",   LINUX("Rootfs Mount Propagation"), "shared, slave, private or unbindable, or recursively so" },
	{ "linux.seccomp",             LINUX("Seccomp"), "which system calls the process may make" },
	{ "linux.seccomp.defaultAction", LINUX("Seccomp"), "required: what happens to system calls that no rule names" },
	{ "linux.seccomp.defaultErrnoRet", LINUX("Seccomp"), "the error number, below 65536; only for an action that takes one" },
	{ "linux.seccomp.architectures", LINUX("Seccomp"), "the architectures whose system calls are meant" },
	{ "linux.seccomp.flags",       LINUX("Seccomp"), "flags of seccomp(2)" },
	{ "linux.seccomp.listenerPath", LINUX("Seccomp"), "the socket of the agent that gets the notifications" },
	{ "linux.seccomp.listenerMetadata", LINUX("Seccomp"), "what the agent is told; only with listenerPath" },
	{ "linux.seccomp.syscalls",    LINUX("Seccomp"), "rules: names, an action, and conditions for the arguments" },
	{ "linux.seccomp.syscalls[].names", LINUX("Seccomp"), "required: at least one system call" },
	{ "linux.seccomp.syscalls[].action", LINUX("Seccomp"), "required: what happens to these system calls" },
	{ "linux.seccomp.syscalls[].errnoRet", LINUX("Seccomp"), "the error number, below 65536; only for an action that takes one" },
	{ "linux.seccomp.syscalls[].args", LINUX("Seccomp"), "conditions: index of the argument, value and operator" },
	{ "linux.sysctl",              LINUX("Sysctl"), "kernel parameters of the container" },
	{ "linux.maskedPaths",         LINUX("Masked Paths"), "absolute paths that cannot be read in the container" },
	{ "linux.readonlyPaths",       LINUX("Readonly Paths"), "absolute paths that are read-only in the container" },
	{ "linux.mountLabel",          LINUX("Mount Label"), "the SELinux context of the container's mounts" },
	{ "linux.personality",         LINUX("Personality"), "the execution domain; there are no flags yet" },
	{ "linux.intelRdt",            LINUX("IntelRdt"), "cache and memory bandwidth allocation; needs resctrl" },
	{ "linux.memoryPolicy",        LINUX("Memory policy"), "the NUMA policy of the process, as in set_mempolicy(2)" },
	{ "linux.resources",           LINUX("Control groups"), "limits of the container's cgroup" },
	{ "linux.resources.devices",   LINUX("Allowed Device list"), "the last rule that matches counts" },
	{ "linux.resources.devices[].access", LINUX("Allowed Device list"), "r, w and m, for read, write and mknod" },
	{ "linux.resources.memory",    LINUX("Memory"), "limits of memory, in bytes; -1 is none" },
	{ "linux.resources.memory.swap", LINUX("Memory"), "the limit of memory and swap together" },
	{ "linux.resources.memory.kernel", LINUX("Memory"), "not recommended: a hard limit of kernel memory, for cgroup v1" },
	{ "linux.resources.cpu",       LINUX("CPU"), "shares, bandwidth and placement of CPU time" },
	{ "linux.resources.cpu.idle",  LINUX("CPU"), "1 makes the cgroup idle, 0 does not" },
	{ "linux.resources.blockIO",   LINUX("Block IO"), "weights and limits of block devices" },
	{ "linux.resources.blockIO.weight", LINUX("Block IO"), "the share of I/O, 10 to 1000" },
	{ "linux.resources.hugepageLimits", LINUX("Huge page limits"), "limits by page size, such as 2MB" },
	{ "linux.resources.network",   LINUX("Network"), "class and priorities of traffic, for cgroup v1" },
	{ "linux.resources.pids",      LINUX("PIDs"), "the number of processes, -1 is no limit" },
	{ "linux.resources.rdma",      LINUX("RDMA"), "limits of RDMA devices, by name" },
	{ "linux.resources.unified",   LINUX("Unified"), "files of cgroup v2 and what is written to them" },
	{ NULL },
};
/* clang-format on */

/* What is in brackets is data: "mounts[2].options[0]" becomes "mounts[].options[]". */
static void to_pattern(const char *path, char *pattern)
{
	size_t used = 0;

	while (*path && used + 3 < PATH_SIZE) {
		const char *end = NULL;

		pattern[used++] = *path;
		if (*path == '[') {
			end = strstr(path, path[1] == '"' ? "\"]" : "]");
			pattern[used++] = ']';
			path = end ? end + (path[1] == '"') : path + strlen(path) - 1;
		}
		path++;
	}
	pattern[used] = '\0';
}

static const struct oci_section *find_exactly(const char *pattern)
{
	for (const struct oci_section *section = oci_sections; section->path; section++)
		if (strcmp(section->path, pattern) == 0)
			return section;
	return NULL;
}

/* Take the last part off; false when it was the only one. */
static bool shorten(char *pattern)
{
	for (size_t length = strlen(pattern); length-- > 0;) {
		if (pattern[length] == '.' || pattern[length] == '[') {
			pattern[length] = '\0';
			return true;
		}
	}
	return false;
}

const struct oci_section *oci_section_find(const char *path)
{
	char pattern[PATH_SIZE];
	const struct oci_section *section;

	to_pattern(path, pattern);
	do
		section = find_exactly(pattern);
	while (!section && shorten(pattern));
	return section;
}
