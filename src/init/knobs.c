/* SPDX-License-Identifier: GPL-2.0-or-later */
/* knobs - names, sysctls, scheduling and labels: values that the kernel just has to be told. */
#include <errno.h>
#include <linux/ioprio.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/syscalls.h"

int act_hostname(struct init *init)
{
	const char *hostname = block_string(init->plan, init->plan->hostname);
	const char *domainname = block_string(init->plan, init->plan->domainname);

	if (hostname && sethostname(hostname, strlen(hostname)) < 0)
		return err_sys(errno, "hostname");
	if (domainname && setdomainname(domainname, strlen(domainname)) < 0)
		return err_sys(errno, "domainname");
	return 0;
}

int act_sysctl(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const struct block_sysctl *sysctls = LIST_OF(plan, plan->sysctls, struct block_sysctl);

	for (uint32_t i = 0; i < plan->sysctls.count; i++) {
		char path[512];

		if (snprintf(path, sizeof(path), "sys/%s",
			     block_string(plan, sysctls[i].path)) >= (int)sizeof(path))
			return err_sys(ENAMETOOLONG, "%s",
				       block_string(plan, sysctls[i].origin));
		if (proc_write(init, path, block_string(plan, sysctls[i].value)))
			return err_while("%s", block_string(plan, sysctls[i].origin));
	}
	return 0;
}

/* As sched_setattr(2) takes it. */
struct attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
};

static int schedule(const struct block_scheduler *scheduler)
{
	struct attributes attributes = {
		.size = sizeof(attributes),
		.policy = scheduler->policy,
		.flags = scheduler->flags,
		.nice = scheduler->nice,
		.priority = scheduler->priority,
		.runtime = scheduler->runtime,
		.deadline = scheduler->deadline,
		.period = scheduler->period,
	};

	if (syscall(SYS_sched_setattr, 0, &attributes, 0) < 0)
		return err_sys(errno, "process.scheduler");
	return 0;
}

int init_schedule(const struct init *init)
{
	return schedule(&init->plan->scheduler);
}

int init_limit_processes(const struct init *init)
{
	const struct block_limit *limit = &init->plan->processes;
	const uint64_t value[] = { limit->soft, limit->hard };

	if (limit->is_set && syscall(SYS_prlimit64, 0, RLIMIT_NPROC, value, NULL) < 0)
		return err_sys(errno, "process.rlimits: error setting rlimit type %d",
			       RLIMIT_NPROC);
	return 0;
}

static int set_memory_policy(const struct init_plan *plan)
{
	const uint64_t *nodes = LIST_OF(plan, plan->memory_nodes, uint64_t);
	unsigned long bits = plan->memory_nodes.count * 64ul;

	/* The kernel counts the bits from one. */
	if (syscall(SYS_set_mempolicy, plan->memory_policy, bits ? nodes : NULL,
		    bits ? bits + 1 : 0) < 0)
		return err_sys(errno,
			       "linux.memoryPolicy: invalid memory policy: set_mempolicy");
	return 0;
}

#define ALL_CPUS_BYTES 1024 /* more processors than any kernel has room for */

/*
 * Whoever started the caller may have bound it to processors, which the kernel
 * remembers beside those of the cgroup: the container is not to inherit that.
 */
int act_affinity(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const uint64_t *words = LIST_OF(plan, plan->affinity, uint64_t);
	size_t size = plan->affinity.count * sizeof(*words);
	static uint64_t all[ALL_CPUS_BYTES / sizeof(uint64_t)];

	if (size > 0 && syscall(SYS_sched_setaffinity, 0, size, words) < 0)
		return err_sys(errno, "process.execCPUAffinity.final");
	if (size > 0 || plan->keeps_affinity)
		return 0;
	memset(all, 0xff, sizeof(all));
	/* Where that is not allowed, nobody asked for it either. */
	syscall(SYS_sched_setaffinity, 0, sizeof(all), all);
	return 0;
}

int act_scheduling(struct init *init)
{
	const struct init_plan *plan = init->plan;

	if (plan->scheduler.is_set && !plan->scheduler.is_late && schedule(&plan->scheduler))
		return err_code();
	if (plan->has_io_priority &&
	    syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, plan->io_priority) < 0)
		return err_sys(errno, "process.ioPriority");
	if (plan->has_personality &&
	    syscall(SYS_personality, (unsigned long)plan->personality) < 0)
		return err_sys(errno, "linux.personality");
	return plan->has_memory_policy ? set_memory_policy(plan) : 0;
}

/* Takes effect at execve(2); read back, since a write that went elsewhere would be no label. */
static int label(const struct init *init, const char *file, const char *text,
		 const char *expected)
{
	char seen[4096];
	_cleanup_close_ int fd = NO_FD;
	ssize_t size;

	if (proc_write(init, file, text))
		return err_code();
	fd = fd_open(init->proc, file, O_RDONLY, 0);
	if (fd < 0)
		return fd;
	size = read(fd, seen, sizeof(seen) - 1);
	if (size < 0)
		return err_sys(errno, "read /proc/%s", file);
	seen[size] = '\0';
	if (strncmp(seen, expected, strlen(expected)) != 0)
		return err_refuse("/proc/%s did not take '%s'", file, expected);
	return 0;
}

int act_label(struct init *init)
{
	const char *selinux = block_string(init->plan, init->plan->selinux_label);
	const char *apparmor = block_string(init->plan, init->plan->apparmor_profile);
	char text[1024];

	if (selinux && label(init, "thread-self/attr/exec", selinux, selinux))
		return err_while("process.selinuxLabel");
	if (!apparmor)
		return 0;
	snprintf(text, sizeof(text), "exec %s", apparmor);
	if (label(init, "thread-self/attr/apparmor/exec", text, apparmor))
		return err_while("process.apparmorProfile");
	return 0;
}
