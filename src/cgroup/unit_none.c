/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unit_none - built with --disable-systemd. */
#include "base/err.h"
#include "cgroup/unit.h"

#define REFUSAL "--systemd-cgroup: tare was built without systemd"

bool unit_is_built(void)
{
	return false;
}

int unit_start(const struct unit_plan *plan, const struct cgroup_write *writes, size_t count,
	       pid_t pid, char **ret_path)
{
	(void)plan;
	(void)writes;
	(void)count;
	(void)pid;
	(void)ret_path;
	return err_refuse(REFUSAL);
}

int unit_update(const char *name, bool is_user, const struct cgroup_write *writes, size_t count)
{
	(void)name;
	(void)is_user;
	(void)writes;
	(void)count;
	return err_refuse(REFUSAL);
}

int unit_stop(const char *name, bool is_user)
{
	(void)name;
	(void)is_user;
	return err_refuse(REFUSAL);
}
