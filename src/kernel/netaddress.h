/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netaddress - the addresses of a network device that go with it. */
#pragma once

#include "kernel/netdevice.h"

/*
 * The addresses of the device INDEX that are permanent and of global scope
 * (config-linux.md, "Network Devices"), for the caller to free.
 */
int netaddress_list(struct netlink *netlink, uint32_t index, struct netaddress **ret_addresses,
		    size_t *ret_count);

/*
 * Give ADDRESS, which was one of a device OLD, to the device INDEX that is called NAME;
 * one that it has already is no error.
 */
int netaddress_add(struct netlink *netlink, const struct netaddress *address, const char *old,
		   const char *name, uint32_t index);

/*
 * Read what may be kept of an address from a message of RTM_GETADDR.  False when
 * it does not belong to the device INDEX or is not to be kept.
 */
bool netaddress_read(const struct nlmsghdr *header, uint32_t index,
		     struct netaddress *ret_address);

/*
 * What becomes of the label of an address when its device OLD is called NAME: labels
 * are the name of the device, alone or with ":something" behind.  Cut to what the
 * kernel takes.
 */
void netaddress_label(const char *label, const char *old, const char *name,
		      char ret_label[IFNAMSIZ]);
