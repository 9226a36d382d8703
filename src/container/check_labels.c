/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_labels - the host knows the AppArmor profile and the SELinux labels of config.json. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "container/checking.h"
#include "kernel/lsm.h"

#define PROFILES "/sys/kernel/security/apparmor/profiles"

/* Lines are "name (mode)", and a name may have blanks. */
static bool has_profile(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (*list) {
		if (strncmp(list, name, length) == 0 && strncmp(list + length, " (", 2) == 0)
			return true;
		list += strcspn(list, "\n");
		list += *list == '\n';
	}
	return false;
}

/* Only the host's root may read the list. */
static void check_profile(struct checking *checking)
{
	const struct oci_process *process = checking->bundle.spec.process;
	const char *name = process ? process->apparmor_profile : NULL;
	enum { LIST_MAX = 1 << 20 };
	_cleanup_free_ char *list = NULL;

	if (!name || !*name || !checking->host.has_apparmor || strcmp(name, "unconfined") == 0)
		return;
	list = xcalloc(LIST_MAX, 1);
	if (fd_read_file(AT_FDCWD, PROFILES, list, LIST_MAX) < 0)
		err_clear();
	else if (!has_profile(list, name))
		checking_note(checking, FINDING_HOST,
			      err_lack("process.apparmorProfile: profile \"%s\" is not loaded",
				       name));
}

/* Planning has said so where there is no SELinux. */
static void check_context(struct checking *checking, const char *path, const char *label)
{
	if (label && *label && checking->host.has_selinux && lsm_check_selinux(label))
		checking_note(checking, FINDING_HOST, err_while("%s", path));
}

void check_labels(struct checking *checking)
{
	const struct oci_spec *spec = &checking->bundle.spec;

	check_profile(checking);
	if (spec->process)
		check_context(checking, "process.selinuxLabel", spec->process->selinux_label);
	if (spec->linux)
		check_context(checking, "linux.mountLabel", spec->linux->mount_label);
}
