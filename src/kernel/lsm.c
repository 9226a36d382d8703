/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lsm - what of SELinux is here. */
#include "kernel/lsm.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

#define LABEL_MAX 4096

bool lsm_is_built(void)
{
	return true;
}

/*
 * Until a policy is loaded everything has the name of an initial label ("kernel", "init"), and no
 * other can be given; labels of a policy are user:role:type.
 */
static bool has_policy(void)
{
	char label[LABEL_MAX];

	if (fd_read_file(AT_FDCWD, "/proc/thread-self/attr/current", label, sizeof(label)) <
	    0) {
		err_clear();
		return false;
	}
	return strchr(label, ':') != NULL;
}

bool lsm_has_selinux(void)
{
	return access("/sys/fs/selinux/enforce", F_OK) == 0 && has_policy();
}
