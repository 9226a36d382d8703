/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent_network - network devices of the host move into the container. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "launch/parent.h"
#include "state/netdevices.h"

/* The namespace of the container: one that was there, or the one that init was born into. */
static int open_namespace(struct launch *launch)
{
	const struct plan *plan = launch->plan;
	char path[64];

	for (size_t i = 0; i < plan->join_count; i++)
		if (plan->joins[i].flag == CLONE_NEWNET) {
			int fd = fcntl(launch->join_fds[i], F_DUPFD_CLOEXEC, 3);

			launch->record.network = plan->joins[i].path;
			return fd < 0 ? err_sys(errno, "duplicate a descriptor") : fd;
		}
	snprintf(path, sizeof(path), "/proc/%d/ns/net", launch->child.pid);
	return fd_open(AT_FDCWD, path, O_RDONLY, 0);
}

static int open_network(struct launch *launch)
{
	int fd = open_namespace(launch);

	if (fd < 0)
		return fd;
	return netmove_open(fd, &launch->network) ? err_while("linux.netDevices") : 0;
}

/* Every device is looked at before the first one moves. */
static int find_devices(struct launch *launch)
{
	const struct plan *plan = launch->plan;

	launch->net_devices = xcalloc(plan->net_device_count, sizeof(struct netdevice));
	for (size_t i = 0; i < plan->net_device_count; i++) {
		const struct plan_net_device *wanted = &plan->net_devices[i];
		struct netdevice *device = &launch->net_devices[i];

		if (netdevice_find(&launch->network.here, wanted->name, device))
			return err_while("%s", wanted->origin);
		launch->net_device_count++;
		if (netdevice_choose(&launch->network.there, wanted->new_name, device))
			return err_while("%s", wanted->origin);
	}
	return 0;
}

static int record_devices(struct launch *launch)
{
	netdevices_record(launch->net_devices, launch->net_device_count, &launch->arena,
			  &launch->record.net_devices);
	return store_write(&launch->slot, &launch->record);
}

static int move_devices(struct launch *launch)
{
	for (size_t i = 0; i < launch->net_device_count; i++)
		if (netdevice_move(&launch->network, &launch->net_devices[i]))
			return err_while("%s", launch->plan->net_devices[i].origin);
	return 0;
}

/* Those that have not been moved yet are not found there. */
void undo_net_devices(struct launch *launch)
{
	for (size_t i = launch->net_device_count; i-- > 0;)
		if (netdevice_return(&launch->network, &launch->net_devices[i])) {
			log_warning("%s", err_last()->text);
			err_clear();
		}
}

/* One of many may fail when others have been moved. */
static int give_up(struct launch *launch)
{
	struct err reason = *err_last();

	err_clear();
	undo_net_devices(launch);
	return err_adopt(&reason);
}

/* runtime.md, "Lifecycle": before any hook, and before sysctls that may be of these devices. */
int parent_net_devices(struct launch *launch)
{
	if (open_network(launch) || find_devices(launch) || record_devices(launch))
		return err_code();
	return move_devices(launch) ? give_up(launch) : 0;
}

void parent_release_network(struct launch *launch)
{
	for (size_t i = 0; i < launch->net_device_count; i++)
		netdevice_release(&launch->net_devices[i]);
	free(take(launch->net_devices));
	netmove_close(&launch->network);
}
