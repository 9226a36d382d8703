/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memlock - preloaded into crun 1.8, which ends where it may not lift RLIMIT_MEMLOCK. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * crun lifts the limit for its device filter. Since Linux 5.11 the memory of a BPF program is
 * charged to the cgroup in place of this limit, so nothing depends on the answer: a refusal is
 * not passed on.
 */
int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	if (syscall(SYS_prlimit64, 0, resource, limit, NULL) == 0)
		return 0;
	return resource == RLIMIT_MEMLOCK && errno == EPERM ? 0 : -1;
}
