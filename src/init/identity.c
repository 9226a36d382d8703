/* SPDX-License-Identifier: GPL-2.0-or-later */
/* identity - user, groups, capabilities and no_new_privs of the process. */
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/err.h"
#include "init/init.h"
#include "kernel/caps.h"
#include "kernel/syscalls.h"

/*
 * The process must be able to open its own stdio by name (/dev/stderr).  The
 * null device is everybody's, and what we may not change stays as it is.
 */
static int give_stdio(uid_t uid)
{
	for (int fd = 0; fd <= 2; fd++) {
		struct stat status;

		if (fstat(fd, &status) < 0)
			return err_sys(errno, "stat of descriptor %d", fd);
		if (status.st_uid == uid ||
		    (S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3)))
			continue;
		if (fchown(fd, uid, (gid_t)-1) < 0 && errno != EINVAL && errno != EPERM &&
		    errno != EROFS && errno != ENOSYS)
			return err_sys(errno, "chown of descriptor %d", fd);
	}
	return 0;
}

static int set_groups(const struct init_plan *plan)
{
	const uint32_t *groups = LIST_OF(plan, plan->groups, uint32_t);

	if (plan->keeps_groups || (plan->has_user_namespace && !plan->may_set_groups))
		return 0;
	if (sys_setgroups(plan->groups.count, groups) == 0)
		return 0;
	/* Where nobody may set groups, none to be set is what there is; see act_become_root(). */
	if (errno == EPERM && plan->has_user_namespace && plan->groups.count == 0)
		return 0;
	return err_sys(errno, "process.user.additionalGids: setgroups");
}

static int set_ids(const struct init_plan *plan)
{
	uid_t real, effective, saved;
	gid_t real_group, effective_group, saved_group;

	if (set_groups(plan))
		return err_code();
	if (sys_setresgid(plan->gid, plan->gid, plan->gid) < 0)
		return err_sys(errno, "setgid %u", plan->gid);
	if (sys_setresuid(plan->uid, plan->uid, plan->uid) < 0)
		return err_sys(errno, "setuid %u", plan->uid);
	if (getresuid(&real, &effective, &saved) < 0 ||
	    getresgid(&real_group, &effective_group, &saved_group) < 0)
		return err_sys(errno, "getresuid");
	if (real != plan->uid || effective != plan->uid || saved != plan->uid ||
	    real_group != plan->gid || effective_group != plan->gid || saved_group != plan->gid)
		return err_refuse("process.user did not take effect");
	return 0;
}

/*
 * Loading a seccomp filter without no_new_privs takes CAP_SYS_ADMIN, and a scheduler that is set
 * late CAP_SYS_NICE.  They are kept in our own sets until then; execve(2) computes the process's
 * sets from the bounding, inheritable and ambient ones, so they never reach the process.
 */
static uint64_t needed_later(const struct init_plan *plan, const struct caps *ours)
{
	uint64_t needed = 0;

	if (plan->has_seccomp && !plan->has_no_new_privileges)
		needed |= 1ull << CAP_SYS_ADMIN;
	if (plan->scheduler.is_late)
		needed |= 1ull << CAP_SYS_NICE;
	return ours->permitted & needed;
}

static int set_capabilities(const struct init_plan *plan, const struct caps *ours)
{
	const struct block_capabilities *wanted = &plan->capabilities;
	uint64_t extra = needed_later(plan, ours);

	if (caps_set(wanted->effective | extra, wanted->permitted | extra, wanted->inheritable))
		return err_while("process.capabilities");
	return caps_set_ambient(wanted->ambient);
}

/* Nothing was asked for, so an ordinary user is left with nothing but what is needed later. */
static int keep_needed(const struct init_plan *plan, const struct caps *ours)
{
	uint64_t extra = needed_later(plan, ours);

	return plan->uid && extra ? caps_set(extra, extra, ours->inheritable) : 0;
}

int act_identity(struct init *init)
{
	const struct init_plan *plan = init->plan;
	bool has_capabilities = plan->capabilities.is_set;
	struct caps ours;

	if (caps_get(&ours) || give_stdio(plan->uid))
		return err_code();
	if (has_capabilities &&
	    caps_drop_bounding(plan->capabilities.bounding, plan->capabilities.last))
		return err_while("process.capabilities.bounding");
	if ((has_capabilities || needed_later(plan, &ours)) && caps_keep(true))
		return err_code();
	if (set_ids(plan))
		return err_code();
	if (has_capabilities ? set_capabilities(plan, &ours) : keep_needed(plan, &ours))
		return err_code();
	umask(plan->umask);
	/* The change of ids made us readable again and took the signal back. */
	prctl(PR_SET_DUMPABLE, 0);
	prctl(PR_SET_PDEATHSIG, 9);
	if (plan->has_no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(errno, "set no_new_privs");
	return 0;
}
