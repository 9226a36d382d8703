/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_scope - a cgroup that systemd makes, around the first process. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "cgroup/unit.h"
#include "launch/parent.h"

#define KILL_TIMEOUT_MS 10000

static bool has_line(const char *text, const char *wanted)
{
	size_t length = strlen(wanted);

	while (*text) {
		size_t size = strcspn(text, "\n");

		if (size == length && memcmp(text, wanted, size) == 0)
			return true;
		text += size + (text[size] != '\0');
	}
	return false;
}

/* "0::/system.slice/tare-x.scope" is among the lines, whatever else is. */
static int check_member(pid_t pid, const char *path)
{
	_cleanup_free_ char *wanted = xprintf("0::%s", path);
	char file[32], text[8192];

	snprintf(file, sizeof(file), "/proc/%d/cgroup", pid);
	if (fd_read_file(AT_FDCWD, file, text, sizeof(text)) < 0)
		return err_code();
	if (!has_line(text, wanted))
		return err_refuse("container init is not in %s, where systemd says it is",
				  path);
	return 0;
}

static int open_scope(struct launch *launch, const char *path)
{
	const struct cgroup_plan *plan = &launch->plan->cgroup;
	_cleanup_free_ char *full = xprintf("%s%s", plan->mount, path);

	if (check_member(launch->child.pid, path) || cgroup_open(full, 0, &launch->cgroup))
		return err_code();
	if (launch->cgroup.fd < 0)
		return err_refuse("%s: systemd's cgroup is not there", full);
	cgroup_count_kills_above(&launch->cgroup);
	launch->record.cgroup = launch->cgroup.path;
	launch->record.cgroup_id = (struct oci_u64)OCI_SET(launch->cgroup.id);
	if (cgroup_delegate(&launch->cgroup, plan))
		return err_code();
	return store_write(&launch->slot, &launch->record);
}

/* The unit's name was recorded with the first record. */
int parent_make_scope(struct launch *launch)
{
	const struct cgroup_plan *plan = &launch->plan->cgroup;
	_cleanup_free_ char *path = NULL;
	struct err reason;

	if (unit_start(plan->unit, plan->writes, plan->write_count, launch->child.pid, &path))
		return err_while("unable to apply cgroup configuration");
	if (open_scope(launch, path) == 0)
		return 0;
	reason = *err_last();
	err_clear();
	undo_make_scope(launch);
	err_clear();
	return err_adopt(&reason);
}

void undo_make_scope(struct launch *launch)
{
	const struct unit_plan *unit = launch->plan->cgroup.unit;

	if (launch->cgroup.fd >= 0 && cgroup_kill(&launch->cgroup, KILL_TIMEOUT_MS))
		return;
	if (unit_stop(unit->name, unit->is_user) == 0)
		cgroup_remove(&launch->cgroup, KILL_TIMEOUT_MS);
}
