/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lsm - SELinux, through libselinux, which is loaded only when a label is asked for. */
#include "kernel/lsm.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <selinux/selinux.h>
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
