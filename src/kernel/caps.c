/* SPDX-License-Identifier: GPL-2.0-or-later */
/* caps - the capability sets of this process; raw system calls, as tare-init has no libcap. */
#include "kernel/caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"

#define SET_BITS 64

/* Version 3 of the interface passes each set as two words, the low one first. */
static struct __user_cap_header_struct header(void)
{
	return (struct __user_cap_header_struct){ .version = _LINUX_CAPABILITY_VERSION_3 };
}

static uint64_t join(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

static bool has(uint64_t set, unsigned capability)
{
	return set >> capability & 1;
}

int caps_get(struct caps *ret_caps)
{
	struct __user_cap_header_struct head = header();
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &head, data) < 0)
		return err_sys(errno, "get capabilities");
	ret_caps->effective = join(data[0].effective, data[1].effective);
	ret_caps->permitted = join(data[0].permitted, data[1].permitted);
	ret_caps->inheritable = join(data[0].inheritable, data[1].inheritable);
	return 0;
}

int caps_set(uint64_t effective, uint64_t permitted, uint64_t inheritable)
{
	struct __user_cap_header_struct head = header();
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
		{ (uint32_t)effective, (uint32_t)permitted, (uint32_t)inheritable },
		{ (uint32_t)(effective >> 32), (uint32_t)(permitted >> 32),
		  (uint32_t)(inheritable >> 32) },
	};

	if (syscall(SYS_capset, &head, data) < 0)
		return err_sys(errno, "set capabilities");
	return 0;
}

static bool is_known(unsigned capability)
{
	return prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
}

/* The kernel that we are built for has mostly the same ones as the one that runs. */
unsigned caps_last(void)
{
	unsigned last = CAP_LAST_CAP;

	while (last > 0 && !is_known(last))
		last--;
	while (last < SET_BITS - 1 && is_known(last + 1))
		last++;
	return last;
}

/* Without CAP_SETPCAP even a capability that is gone already is refused. */
static int drop_bounding(unsigned capability)
{
	int code;

	if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
		return 0;
	code = errno;
	if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 0)
		return 0;
	return err_sys(code, "drop capability %u from the bounding set", capability);
}

int caps_drop_bounding(uint64_t keep, unsigned last)
{
	for (unsigned capability = 0; capability <= last && capability < SET_BITS; capability++)
		if (!has(keep, capability) && drop_bounding(capability))
			return err_while("bounding set");
	return 0;
}

int caps_get_bounding(unsigned last, uint64_t *ret_set)
{
	uint64_t set = 0;

	for (unsigned capability = 0; capability <= last && capability < SET_BITS;
	     capability++) {
		int is_in = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);

		if (is_in < 0)
			return err_sys(errno, "read capability %u of the bounding set",
				       capability);
		set |= (uint64_t)is_in << capability;
	}
	*ret_set = set;
	return 0;
}

int caps_set_ambient(uint64_t set)
{
	struct caps caps = { 0 };
	int r = caps_get(&caps);

	if (r < 0)
		return r;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return err_sys(errno, "clear the ambient capabilities");
	set &= caps.permitted & caps.inheritable;
	for (unsigned capability = 0; capability < SET_BITS; capability++) {
		if (!has(set, capability))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) < 0)
			return err_sys(errno, "raise ambient capability %u", capability);
	}
	return 0;
}

int caps_keep(bool keep)
{
	if (prctl(PR_SET_KEEPCAPS, (unsigned long)keep, 0, 0, 0) < 0)
		return err_sys(errno, "set keep capabilities");
	return 0;
}
