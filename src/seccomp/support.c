/* SPDX-License-Identifier: GPL-2.0-or-later */
/* support - what libseccomp and the running kernel can do. */
#include "seccomp/support.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

bool seccomp_has_action(uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &kind) == 0;
}

/* One that it knows is missing in a new filter, or is the native one. */
bool seccomp_has_architecture(uint32_t architecture)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int result;

	if (!filter)
		return false;
	result = seccomp_arch_exist(filter, architecture);
	seccomp_release(filter);
	return result == 0 || result == -EEXIST;
}

/*
 * The kernel looks at the flags first and at the program, which is none, then.
 * Waiting killably is only for filters with a listener.
 */
bool seccomp_has_flags(uint32_t flags)
{
	if (flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, NULL) < 0 &&
	       errno == EFAULT;
}

const char *seccomp_library_version(void)
{
	static char text[36];
	const struct scmp_version *version = seccomp_version();

	snprintf(text, sizeof(text), "%u.%u.%u", version->major, version->minor,
		 version->micro);
	return text;
}
