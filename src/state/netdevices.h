/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdevices - what a record says of network devices, and the devices themselves. */
#pragma once

#include "kernel/netdevice.h"
#include "libocispec/arena.h"
#include "state/record.h"

/* The record of COUNT devices that are about to be moved; it lives in ARENA. */
void netdevices_record(const struct netdevice *devices, size_t count, struct arena *arena,
		       struct record_net_devices *ret_list);

/* The device that ITEM speaks of; netdevice_release() it.  Fails when it makes no sense. */
int netdevices_read(const struct record_net_device *item, struct netdevice *ret_device);
