/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session - a session, a session keyring and a loopback device of the container's own. */
#include <errno.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/init.h"
#include "kernel/syscalls.h"

#define KEY_USER_SEARCH 0x00080000 /* KEY_USR_SEARCH of the kernel */
#define KEY_DESCRIPTION_MAX 512    /* more than an id has, or none of it is given */

/* No terminal of the caller's can be reached from a new session (TIOCSTI). */
int act_session(struct init *init)
{
	(void)init;
	/* The first process of a pid namespace may lead a group already. */
	if (setsid() < 0 && errno != EPERM)
		return err_sys(errno, "setsid");
	return 0;
}

int act_loopback(struct init *init)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo" };

	(void)init;
	if (fd < 0)
		return err_sys(errno, "socket");
	if (ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return err_sys(errno, "look at lo");
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return err_sys(errno, "bring lo up");
	return 0;
}

/* The fourth field of "type;uid;gid;permissions;description", in hexadecimal. */
static unsigned permissions_of(const char *description)
{
	unsigned value = 0;

	for (int field = 0; field < 3 && description; field++) {
		description = strchr(description, ';');
		description += description != NULL;
	}
	for (; description && *description && *description != ';'; description++) {
		unsigned char c = (unsigned char)(*description | 0x20);

		value = value * 16 + (c >= 'a' ? c - 'a' + 10u : c - (unsigned)'0');
	}
	return value;
}

/* A keyring has its maker's label unless it is told otherwise: proc_pid_attr(5), keycreate. */
static int join_keyring(const struct init *init, long *ret_key)
{
	static const char file[] = "thread-self/attr/keycreate";
	const char *name = block_string(init->plan, init->plan->session_name);
	const char *label = block_string(init->plan, init->plan->selinux_label);
	int code;

	if (label && proc_write(init, file, label))
		return err_while("process.selinuxLabel");
	*ret_key = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name);
	code = *ret_key < 0 ? errno : 0;
	if (label && proc_write(init, file, ""))
		return err_while("process.selinuxLabel");
	errno = code;
	return 0;
}

/* keyctl(2); exec joins it by its name, so its owner must be able to search it. */
int act_keyring(struct init *init)
{
	long key;
	char description[KEY_DESCRIPTION_MAX] = "";
	unsigned permissions;

	if (join_keyring(init, &key))
		return err_code();
	if (key < 0 && errno == ENOSYS)
		return 0;
	if (key < 0)
		return err_sys(errno, "unable to join session keyring");
	if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, description, sizeof(description) - 1) < 0)
		return err_sys(errno, "describe session keyring");
	permissions = permissions_of(description) | KEY_USER_SEARCH;
	if (syscall(SYS_keyctl, KEYCTL_SETPERM, key, permissions) < 0)
		return err_sys(errno, "set permissions of session keyring");
	return 0;
}
