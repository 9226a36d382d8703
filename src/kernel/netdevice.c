/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdevice - move a network device to another namespace and back, with its addresses. */
#include "kernel/netdevice.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/mem.h"
#include "kernel/netaddress.h"

#define INDEX_TRIES 64 /* so many devices in a row are in the way at most */

/* ---- what the kernel says of a device ---- */

static void copy_text(char *out, size_t room, const void *data, size_t size)
{
	size_t length = strnlen(data, size < room ? size : room - 1);

	memcpy(out, data, length);
	out[length] = '\0';
}

static void take_attribute(const struct nlattr *attribute, size_t size,
			   struct netdevice *device)
{
	const void *data = netlink_data(attribute);

	switch (attribute->nla_type & NLA_TYPE_MASK) {
	case IFLA_IFNAME:
		copy_text(device->name, sizeof(device->name), data, size);
		break;
	case IFLA_MASTER:
		if (size == sizeof(device->master))
			memcpy(&device->master, data, size);
		break;
	case IFLA_ADDRESS:
		if (size <= sizeof(device->link)) {
			memcpy(device->link, data, size);
			device->link_size = size;
		}
		break;
	default:
		break;
	}
}

static int read_link(const struct buf *answer, struct netdevice *device)
{
	const struct nlattr *attribute;
	const struct nlmsghdr *header;
	const struct ifinfomsg *info;
	size_t at = 0, size;

	header = answer->size ? netlink_next(answer->text, answer->size, &at) : NULL;
	if (!header || header->nlmsg_type != RTM_NEWLINK ||
	    header->nlmsg_len < NLMSG_SPACE(sizeof(*info)))
		return err_sys(EBADMSG, "rtnetlink");
	info = NLMSG_DATA(header);
	device->index = (uint32_t)info->ifi_index;
	device->is_up = info->ifi_flags & IFF_UP;
	at = NLMSG_SPACE(sizeof(*info));
	while ((attribute =
			netlink_attribute((const char *)header, header->nlmsg_len, &at, &size)))
		take_attribute(attribute, size, device);
	return 0;
}

/* By NAME, or when that is NULL by INDEX; -ENODEV when there is none. */
static int get_link(struct netlink *netlink, const char *name, uint32_t index,
		    struct netdevice *ret_device)
{
	const struct ifinfomsg info = { .ifi_index = (int)index };
	_cleanup_buf_ struct buf answer = { 0 };
	struct netlink_request request;

	netlink_begin(&request, RTM_GETLINK, 0, &info, sizeof(info));
	if (name)
		netlink_put_text(&request, IFLA_IFNAME, name);
	if (netlink_ask(netlink, &request, &answer))
		return err_code();
	*ret_device = (struct netdevice){ 0 };
	return read_link(&answer, ret_device);
}

/* Returns 1 when there is such a device, 0 when not. */
static int is_there(struct netlink *netlink, const char *name, uint32_t index,
		    struct netdevice *ret_device)
{
	int result = get_link(netlink, name, index, ret_device);

	if (result == -ENODEV) {
		err_clear();
		return 0;
	}
	return result < 0 ? result : 1;
}

int netdevice_find(struct netlink *netlink, const char *name, struct netdevice *ret_device)
{
	struct netdevice device;
	int found = is_there(netlink, name, 0, &device);

	if (found == 0)
		return err_sys(ENODEV, "network device %s", name);
	if (found < 0 ||
	    netaddress_list(netlink, device.index, &device.addresses, &device.address_count))
		return err_while("network device %s", name);
	*ret_device = device;
	return 0;
}

void netdevice_release(struct netdevice *device)
{
	free(take(device->addresses));
	device->address_count = 0;
}

/* ---- before the move ---- */

/* WANTED itself if it is free, else the next one that is. */
static int free_index(struct netlink *netlink, uint32_t wanted, uint32_t *ret_index)
{
	for (uint32_t i = 0; i < INDEX_TRIES && wanted + i <= INT32_MAX; i++) {
		struct netdevice other;
		int found = is_there(netlink, NULL, wanted + i, &other);

		if (found < 0)
			return found;
		if (found == 0) {
			*ret_index = wanted + i;
			return 0;
		}
	}
	return err_sys(EBUSY, "no index is free for a network device");
}

int netdevice_choose(struct netlink *there, const char *new_name, struct netdevice *device)
{
	const char *name = new_name ? new_name : device->name;
	struct netdevice other;
	int found = strchr(name, '%') ? 0 : is_there(there, name, 0, &other);

	if (found < 0)
		return err_while("network device %s", name);
	if (found)
		return err_sys(EEXIST, "network device %s in the container's namespace", name);
	copy_text(device->new_name, sizeof(device->new_name), name, strlen(name));
	return free_index(there, device->index, &device->new_index);
}

/* ---- the two namespaces ---- */

static int check_different(int one, int other)
{
	struct stat a, b;

	if (fstat(one, &a) < 0 || fstat(other, &b) < 0)
		return err_sys(errno, "fstat a network namespace");
	if (a.st_dev == b.st_dev && a.st_ino == b.st_ino)
		return err_refuse("the container's network namespace is our own");
	return 0;
}

static int open_both(struct netmove *move)
{
	move->here_fd = fd_open(AT_FDCWD, "/proc/self/ns/net", O_RDONLY, 0);
	if (move->here_fd < 0)
		return move->here_fd;
	if (check_different(move->here_fd, move->there_fd) || netlink_open(&move->here))
		return err_code();
	return netlink_open_in(move->there_fd, move->here_fd, &move->there);
}

int netmove_open(int there_fd, struct netmove *ret_move)
{
	struct netmove move = NETMOVE_CLOSED;

	move.there_fd = there_fd;
	if (open_both(&move)) {
		netmove_close(&move);
		return err_code();
	}
	*ret_move = move;
	return 0;
}

void netmove_close(struct netmove *move)
{
	netlink_close(&move->here);
	netlink_close(&move->there);
	fd_close(fd_take(&move->here_fd));
	fd_close(fd_take(&move->there_fd));
}

/* ---- the move ---- */

/*
 * With an index and a name, the kernel renames the device once it is there; the
 * name is also what it takes when the old one is in use there.
 */
static int send_device(struct netlink *from, uint32_t index, int to, const char *name,
		       uint32_t new_index)
{
	const struct ifinfomsg info = { .ifi_index = (int)index };
	struct netlink_request request;

	netlink_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	netlink_put_u32(&request, IFLA_NET_NS_FD, (uint32_t)to);
	netlink_put_u32(&request, IFLA_NEW_IFINDEX, new_index);
	netlink_put_text(&request, IFLA_IFNAME, name);
	return netlink_ask(from, &request, NULL);
}

static int set_up(struct netlink *netlink, uint32_t index)
{
	const struct ifinfomsg info = {
		.ifi_index = (int)index,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	struct netlink_request request;

	netlink_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	return netlink_ask(netlink, &request, NULL) ? err_while("set it up") : 0;
}

static int give_addresses(struct netlink *netlink, const struct netdevice *device,
			  const struct netdevice *now)
{
	for (size_t i = 0; i < device->address_count; i++)
		if (netaddress_add(netlink, &device->addresses[i], device->name, now->name,
				   now->index))
			return err_while("give it its addresses");
	return 0;
}

int netdevice_move(struct netmove *move, const struct netdevice *device)
{
	struct netdevice now;

	if (send_device(&move->here, device->index, move->there_fd, device->new_name,
			device->new_index) ||
	    get_link(&move->there, NULL, device->new_index, &now) ||
	    give_addresses(&move->there, device, &now) || set_up(&move->there, now.index))
		return err_while("move network device %s", device->name);
	return 0;
}

/* ---- and back ---- */

static bool is_same_link(const struct netdevice *one, const struct netdevice *other)
{
	return one->link_size == other->link_size &&
	       memcmp(one->link, other->link, one->link_size) == 0;
}

/* A master that is gone, or another by now, is no master for it. */
static int join_master(struct netlink *netlink, uint32_t index, uint32_t master)
{
	const struct ifinfomsg info = { .ifi_index = (int)index };
	struct netlink_request request;

	if (!master)
		return 0;
	netlink_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	netlink_put_u32(&request, IFLA_MASTER, master);
	return netlink_ask(netlink, &request, NULL) ? err_while("give it to its master") : 0;
}

/* It is here under INDEX with its name, and as bare as the kernel moves devices. */
static int dress(struct netlink *here, const struct netdevice *device, uint32_t index)
{
	struct netdevice now;

	if (get_link(here, NULL, index, &now) || give_addresses(here, device, &now) ||
	    join_master(here, index, device->master))
		return err_code();
	return device->is_up ? set_up(here, index) : 0;
}

int netdevice_return(struct netmove *move, const struct netdevice *device)
{
	uint32_t index = 0;
	struct netdevice now;
	int found = is_there(&move->there, NULL, device->new_index, &now);

	if (found < 0)
		return err_while("bring network device %s back", device->name);
	if (!found || !is_same_link(&now, device))
		return 0;
	if (free_index(&move->here, device->index, &index) ||
	    send_device(&move->there, device->new_index, move->here_fd, device->name, index) ||
	    dress(&move->here, device, index))
		return err_while("bring network device %s back", device->name);
	return 0;
}

static int rename_device(struct netlink *netlink, uint32_t index, const char *name)
{
	const struct ifinfomsg info = { .ifi_index = (int)index };
	struct netlink_request request;

	netlink_begin(&request, RTM_NEWLINK, 0, &info, sizeof(info));
	netlink_put_text(&request, IFLA_IFNAME, name);
	return netlink_ask(netlink, &request, NULL) ? err_while("rename it") : 0;
}

int netdevice_restore(struct netlink *here, const struct netdevice *device)
{
	struct netdevice now;
	int found = is_there(here, NULL, device->new_index, &now);

	if (found < 0)
		return err_while("restore network device %s", device->name);
	/* Without hardware address it could be any. */
	if (!found || !device->link_size || !is_same_link(&now, device))
		return 0;
	if (strcmp(now.name, device->name) != 0 && rename_device(here, now.index, device->name))
		return err_while("restore network device %s", device->name);
	return dress(here, device, now.index)
		       ? err_while("restore network device %s", device->name)
		       : 0;
}
