/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host - what the machine under us is and lets us do; asked once. */
#include "kernel/host.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/number.h"
#include "kernel/caps.h"
#include "kernel/lsm.h"
#include "kernel/mountinfo.h"
#include "kernel/syscalls.h"

#define CGROUP2_MAGIC 0x63677270
#define SMALL_FILE 4096

/* Read /proc/NAME; a file that is not there is empty. */
static void read_proc(int proc, const char *name, char *out, size_t size)
{
	out[0] = '\0';
	if (fd_read_record(proc, name, out, size) < 0)
		err_clear();
}

static unsigned kernel_version(void)
{
	struct utsname name;
	char *rest = name.release;
	uint64_t major, minor;

	/* "6.12.3-amd64" */
	if (uname(&name) < 0 || number_u64(strsep(&rest, "."), UINT8_MAX, &major) || !rest)
		return 0;
	rest[strspn(rest, "0123456789")] = '\0';
	if (number_u64(rest, UINT8_MAX, &minor))
		return 0;
	return (unsigned)(major << 16 | minor << 8);
}

bool host_maps_everything(const char *uid_map)
{
	static const char *const expected[] = { "0", "0", "4294967295" };

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		size_t size = strlen(expected[i]);

		uid_map += strspn(uid_map, " ");
		if (strncmp(uid_map, expected[i], size) != 0)
			return false;
		uid_map += size;
		if (*uid_map && *uid_map != ' ' && *uid_map != '\n')
			return false;
	}
	return true;
}

/* The first there was has always had this number, which takes one call; its map is a file. */
#define INITIAL_USER_NAMESPACE 0xeffffffdu

static bool is_initial_userns(int proc)
{
	char text[SMALL_FILE];
	struct stat about;

	if (fstatat(proc, "self/ns/user", &about, 0) == 0 &&
	    about.st_ino == INITIAL_USER_NAMESPACE)
		return true;
	read_proc(proc, "self/uid_map", text, sizeof(text));
	return host_maps_everything(text);
}

/*
 * "0::/a/b" in /proc/self/cgroup is our place in cgroup v2.  The other lines are
 * hierarchies of v1: "4:memory:/" has a controller, "1:name=systemd:/" has none.
 */
static void find_own_cgroup(int proc, struct host *host)
{
	char text[SMALL_FILE * 2];
	char *rest = text, *line;

	read_proc(proc, "self/cgroup", text, sizeof(text));
	while ((line = strsep(&rest, "\n")))
		if (strncmp(line, "0::", 3) == 0)
			snprintf(host->own_cgroup, sizeof(host->own_cgroup), "%s", line + 3);
		else if (*line && !strstr(line, ":name="))
			host->is_cgroup_hybrid = true;
}

static bool is_cgroup2(const char *path)
{
	struct statfs status;

	return statfs(path, &status) == 0 && status.f_type == CGROUP2_MAGIC;
}

/* The usual place is asked first: a host may have thousands of lines in mountinfo. */
static int find_cgroup_mount(struct host *host)
{
	const char *usual = "/sys/fs/cgroup";

	if (is_cgroup2(usual)) {
		snprintf(host->cgroup_mount, sizeof(host->cgroup_mount), "%s", usual);
		return 0;
	}
	if (mountinfo_find_type("cgroup2", host->cgroup_mount, sizeof(host->cgroup_mount)) < 0)
		return err_code();
	return 0;
}

static void read_controllers(struct host *host)
{
	char path[sizeof(host->cgroup_mount) + 32];

	if (!host->cgroup_mount[0])
		return;
	snprintf(path, sizeof(path), "%s/cgroup.controllers", host->cgroup_mount);
	if (fd_read_record(AT_FDCWD, path, host->cgroup_controllers,
			   sizeof(host->cgroup_controllers)) < 0)
		err_clear();
}

bool host_has_all_controllers(const char *list)
{
	static const char *const all[] = { "cpu",  "cpuset", "hugetlb", "io",
					   "misc", "memory", "pids",    "rdma" };
	size_t found = 0;

	while (*list) {
		size_t length = strcspn(list, " ");

		for (size_t i = 0; i < ARRAY_SIZE(all); i++)
			found += strlen(all[i]) == length && strncmp(all[i], list, length) == 0;
		list += length + (list[length] != '\0');
	}
	return found == ARRAY_SIZE(all);
}

static void look_up(int proc, unsigned facts, struct host *host)
{
	if (facts & HOST_CONTROLLERS) {
		read_controllers(host);
		if (!host_has_all_controllers(host->cgroup_controllers))
			facts |= HOST_OWN_CGROUP;
	}
	if (facts & HOST_OWN_CGROUP)
		find_own_cgroup(proc, host);
	if (facts & HOST_LSM) {
		host->has_selinux = lsm_has_selinux();
		host->has_apparmor = access("/sys/kernel/security/apparmor", F_OK) == 0;
	}
	if (facts & HOST_TIME)
		host->has_time_namespace = faccessat(proc, "self/timens_offsets", F_OK, 0) == 0;
}

/*
 * Whatever we do to /proc/PID of a child would be done to somebody else, where /proc shows another
 * pid namespace than ours: its self is not our pid.
 */
static int check_proc(int proc)
{
	char text[16] = "", ours[16];

	snprintf(ours, sizeof(ours), "%d", getpid());
	if (readlinkat(proc, "self", text, sizeof(text) - 1) < 0)
		return err_sys(errno, "/proc/self (is /proc a proc file system?)");
	if (strcmp(text, ours) != 0)
		return err_refuse("/proc is that of another pid namespace: mount one of this "
				  "(unshare --mount-proc, mount -t proc proc /proc)");
	return 0;
}

int host_probe(unsigned facts, struct host *ret_host)
{
	_cleanup_close_ int proc = fd_open(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY, 0);
	struct host host = { .euid = geteuid(), .egid = getegid(), .kernel = kernel_version() };
	struct caps caps;

	if (proc < 0 || check_proc(proc) || caps_get(&caps) || find_cgroup_mount(&host))
		return err_code();
	host.capabilities = caps.effective;
	host.last_capability = caps_last();
	host.is_initial_userns = is_initial_userns(proc);
	host.is_privileged = host.euid == 0 && host.is_initial_userns;
	look_up(proc, facts, &host);
	host.is_swap_accounted = true;
	*ret_host = host;
	return 0;
}
