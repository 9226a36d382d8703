/* SPDX-License-Identifier: GPL-2.0-or-later */
/* network - what becomes of the host's network devices when a container goes. */
#include "container/network.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/namespace.h"
#include "kernel/netdevice.h"
#include "kernel/pidfd.h"
#include "state/liveness.h"
#include "state/netdevices.h"

/* The namespace of the container, or NO_FD when it has ended. */
static int open_namespace(const struct record *record)
{
	_cleanup_close_ int pidfd = NO_FD;
	char path[64];
	int fd, liveness;

	if (record->network) {
		fd = namespace_open(record->network, CLONE_NEWNET);
	} else {
		liveness = liveness_open(record, &pidfd);
		if (liveness != LIVENESS_ALIVE)
			return liveness < 0 ? liveness : NO_FD;
		snprintf(path, sizeof(path), "/proc/%d/ns/net", record->pid.value);
		fd = fd_open(AT_FDCWD, path, O_RDONLY, 0);
		/* It was the container's if its init had the pid all the time. */
		if (fd >= 0 && pidfd_has_ended(pidfd, 0)) {
			fd_close(fd);
			return NO_FD;
		}
	}
	if (fd >= 0)
		return fd;
	err_clear();
	return NO_FD;
}

/* The last that moved is the first that returns: they may belong to each other. */
static int each_device(const struct record *record, struct netmove *move)
{
	for (size_t i = record->net_devices.count; i-- > 0;) {
		struct netdevice device;
		int result = netdevices_read(&record->net_devices.items[i], &device);

		if (result < 0)
			return result;
		result = move->there.fd >= 0 ? netdevice_return(move, &device)
					     : netdevice_restore(&move->here, &device);
		netdevice_release(&device);
		if (result < 0)
			return result;
	}
	return 0;
}

int network_return(const struct record *record)
{
	struct netmove move = NETMOVE_CLOSED;
	int result, there;

	if (record->net_devices.count == 0 ||
	    (record->phase != RECORD_CREATING && record->phase != RECORD_CREATED))
		return 0;
	result = liveness_is_of_this_boot(record);
	if (result <= 0)
		return result;
	there = open_namespace(record);
	if (there < 0 && there != NO_FD)
		return there;
	result = there == NO_FD ? netlink_open(&move.here) : netmove_open(there, &move);
	if (result < 0)
		return result;
	result = each_device(record, &move);
	netmove_close(&move);
	return result;
}
