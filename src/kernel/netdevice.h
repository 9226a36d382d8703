/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdevice - move a network device to another namespace and back, with its addresses. */
#pragma once

#include <linux/if.h> /* never together with <net/if.h>: they define the same things */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/netlink.h"

#define NETADDRESS_MAX 128 /* struct ifaddrmsg and the attributes that are kept */
#define NETDEVICE_LINK_MAX 32

/* An address with its attributes, as RTM_NEWADDR takes it and RTM_GETADDR gives it. */
struct netaddress {
	size_t size;
	_Alignas(4) char bytes[NETADDRESS_MAX];
};

/* A device, how it was where it came from and where it goes. */
struct netdevice {
	char name[IFNAMSIZ];
	uint32_t index;
	bool is_up;
	uint32_t master; /* index of the bridge or bond that it belongs to; 0: none */
	size_t link_size;
	unsigned char link[NETDEVICE_LINK_MAX]; /* its hardware address: what it is known by */
	struct netaddress *addresses;           /* in the kernel's order */
	size_t address_count;

	char new_name[IFNAMSIZ]; /* may be a template, "eth%d" */
	uint32_t new_index;      /* chosen before the move: it is found by this */
};

/*
 * Look up the device NAME with what is kept of it: state and those addresses
 * that are permanent and of global scope.  -ENODEV when there is none.
 * netdevice_release() it.
 */
int netdevice_find(struct netlink *netlink, const char *name, struct netdevice *ret_device);
void netdevice_release(struct netdevice *device);

/*
 * Choose how it will be called in the namespace of THERE: NEW_NAME (NULL: as
 * here), which must be free unless it is a template, and an index that is free.
 */
int netdevice_choose(struct netlink *there, const char *new_name, struct netdevice *device);

/* The two namespaces of a move; descriptor and socket are of the same one. */
struct netmove {
	struct netlink here, there;
	int here_fd, there_fd;
};
#define NETMOVE_CLOSED                                                             \
	{                                                                          \
		.here = NETLINK_CLOSED, .there = NETLINK_CLOSED, .here_fd = NO_FD, \
		.there_fd = NO_FD                                                  \
	}

/* Open our own namespace and THERE_FD, which becomes the move's; they must not be the same. */
int netmove_open(int there_fd, struct netmove *ret_move);
void netmove_close(struct netmove *move);

/*
 * Move DEVICE there under its new name, give it its addresses and set it up.
 * When that fails, netdevice_return() takes back what was done.
 */
int netdevice_move(struct netmove *move, const struct netdevice *device);

/*
 * Bring DEVICE back here with its name, index, addresses, master and state.  It
 * is the one that has its new index and its hardware address there; 0 too when
 * there is none such (any more).
 */
int netdevice_return(struct netmove *move, const struct netdevice *device);

/*
 * The kernel has brought a device back whose namespace has ended, with the name
 * that it had there: give it back its own name, its addresses and state.  0 too
 * when there is none that it could be.
 */
int netdevice_restore(struct netlink *here, const struct netdevice *device);
