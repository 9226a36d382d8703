/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lsm - SELinux, through libselinux, which is loaded only when a label is asked for. */
#include "kernel/lsm.h"

#include <dlfcn.h>
#include <selinux/selinux.h>
#include <unistd.h>

#include "base/err.h"

bool lsm_is_built(void)
{
	return true;
}

bool lsm_has_selinux(void)
{
	return access("/sys/fs/selinux/enforce", F_OK) == 0;
}

int lsm_check_selinux(const char *context)
{
	void *library = dlopen("libselinux.so.1", RTLD_NOW | RTLD_LOCAL);
	__typeof__(security_check_context_raw) *check;
	int result = 0;

	if (!library)
		return err_refuse("selinux label: %s", dlerror());
	check = (__typeof__(check))dlsym(library, "security_check_context_raw");
	if (!check || check(context) < 0)
		result = err_refuse("selinux label '%s' is not valid", context);
	dlclose(library);
	return result;
}
