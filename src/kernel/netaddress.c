/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netaddress - the addresses of a network device that go with it. */
#include "kernel/netaddress.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/mem.h"

#define ADDRESSES_MAX 4096

/* What an address is made of; the rest is the kernel's to say, or of a device's name there. */
static bool is_kept(unsigned type)
{
	switch (type) {
	case IFA_ADDRESS:
	case IFA_LOCAL:
	case IFA_LABEL:
	case IFA_BROADCAST:
	case IFA_CACHEINFO:
	case IFA_FLAGS:
	case IFA_RT_PRIORITY:
	case IFA_PROTO:
		return true;
	default:
		return false;
	}
}

static bool keep(struct netaddress *address, const struct nlattr *attribute)
{
	size_t size = NLA_ALIGN(attribute->nla_len);

	if (size > sizeof(address->bytes) - address->size)
		return false;
	memcpy(address->bytes + address->size, attribute, attribute->nla_len);
	address->size += size;
	return true;
}

bool netaddress_read(const struct nlmsghdr *header, uint32_t index,
		     struct netaddress *ret_address)
{
	struct netaddress address = { .size = sizeof(struct ifaddrmsg) };
	size_t at = NLMSG_SPACE(sizeof(struct ifaddrmsg));
	const struct ifaddrmsg *info = NLMSG_DATA(header);
	const struct nlattr *attribute;
	uint32_t flags;
	size_t size;

	if (header->nlmsg_type != RTM_NEWADDR || header->nlmsg_len < at ||
	    info->ifa_index != index || info->ifa_scope != RT_SCOPE_UNIVERSE)
		return false;
	flags = info->ifa_flags;
	memcpy(address.bytes, info, sizeof(*info));
	while ((attribute = netlink_attribute((const char *)header, header->nlmsg_len, &at,
					      &size))) {
		/* The same with room for more than eight of them. */
		if (attribute->nla_type == IFA_FLAGS && size == sizeof(flags))
			memcpy(&flags, netlink_data(attribute), size);
		if (is_kept(attribute->nla_type) && !keep(&address, attribute))
			return false;
	}
	if (!(flags & IFA_F_PERMANENT))
		return false;
	*ret_address = address;
	return true;
}

int netaddress_list(struct netlink *netlink, uint32_t index, struct netaddress **ret_addresses,
		    size_t *ret_count)
{
	const struct ifaddrmsg all = { .ifa_family = AF_UNSPEC };
	_cleanup_free_ struct netaddress *addresses = NULL;
	_cleanup_buf_ struct buf answer = { 0 };
	const struct nlmsghdr *header;
	struct netlink_request request;
	size_t count = 0, at = 0;

	netlink_begin(&request, RTM_GETADDR, NLM_F_DUMP, &all, sizeof(all));
	if (netlink_ask(netlink, &request, &answer))
		return err_while("list addresses");
	while (answer.size && (header = netlink_next(answer.text, answer.size, &at))) {
		if (count == ADDRESSES_MAX)
			return err_sys(E2BIG, "addresses");
		addresses = xreallocarray(addresses, count + 1, sizeof(*addresses));
		if (netaddress_read(header, index, &addresses[count]))
			count++;
	}
	*ret_addresses = take(addresses);
	*ret_count = count;
	return 0;
}

void netaddress_label(const char *label, const char *old, const char *name,
		      char ret_label[IFNAMSIZ])
{
	size_t length = strlen(old);
	const char *rest = label + length;
	bool is_of_name = strncmp(label, old, length) == 0 && (!*rest || *rest == ':');

	if (!is_of_name)
		snprintf(ret_label, IFNAMSIZ, "%s", label);
	else
		snprintf(ret_label, IFNAMSIZ, "%s%s", name, rest);
}

static void put_label(struct netlink_request *request, const char *text, size_t size,
		      const char *old, const char *name)
{
	char label[IFNAMSIZ], new[IFNAMSIZ];

	snprintf(label, sizeof(label), "%.*s", (int)size, text);
	netaddress_label(label, old, name, new);
	netlink_put_text(request, IFA_LABEL, new);
}

int netaddress_add(struct netlink *netlink, const struct netaddress *address, const char *old,
		   const char *name, uint32_t index)
{
	const struct nlattr *attribute;
	struct netlink_request request;
	size_t at = sizeof(struct ifaddrmsg), size;
	struct ifaddrmsg info;
	int result;

	memcpy(&info, address->bytes, sizeof(info));
	info.ifa_index = index;
	netlink_begin(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info));
	while ((attribute = netlink_attribute(address->bytes, address->size, &at, &size))) {
		const char *data = netlink_data(attribute);

		if (attribute->nla_type == IFA_LABEL)
			put_label(&request, data, size, old, name);
		else
			netlink_put(&request, attribute->nla_type, data, size);
	}
	result = netlink_ask(netlink, &request, NULL);
	if (result == -EEXIST) {
		err_clear();
		return 0;
	}
	return result;
}
