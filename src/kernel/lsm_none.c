/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lsm_none - built with --disable-selinux. */
#include "base/err.h"
#include "kernel/lsm.h"

bool lsm_is_built(void)
{
	return false;
}

bool lsm_has_selinux(void)
{
	return false;
}

int lsm_check_selinux(const char *context)
{
	return err_refuse("selinux label '%s': tare was built without SELinux", context);
}
