/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lsm_library - questions to SELinux by libselinux, which is loaded only when one is asked. */
#include <dlfcn.h>
#include <selinux/selinux.h>

#include "base/err.h"
#include "kernel/lsm.h"

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
