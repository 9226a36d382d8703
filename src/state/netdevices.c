/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdevices - what a record says of network devices, and the devices themselves. */
#include "state/netdevices.h"

#include <linux/if_addr.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

static const char digits[] = "0123456789abcdef";

static const char *to_hex(const void *bytes, size_t size, struct arena *arena)
{
	const unsigned char *from = bytes;
	char *text = arena_alloc(arena, 2 * size + 1);

	for (size_t i = 0; i < size; i++) {
		text[2 * i] = digits[from[i] >> 4];
		text[2 * i + 1] = digits[from[i] & 15];
	}
	return text;
}

/* Fails when TEXT is not hexadecimal or has more than ROOM bytes. */
static int from_hex(const char *text, void *bytes, size_t room, size_t *ret_size)
{
	size_t length = strlen(text);
	unsigned char *to = bytes;

	if (length % 2 || length / 2 > room || strspn(text, digits) != length)
		return err_refuse("state.json: netDevices: \"%.40s\" are no bytes", text);
	for (size_t i = 0; i < length / 2; i++)
		to[i] = (unsigned char)((strchr(digits, text[2 * i]) - digits) << 4 |
					(strchr(digits, text[2 * i + 1]) - digits));
	*ret_size = length / 2;
	return 0;
}

static struct oci_strings record_addresses(const struct netdevice *device, struct arena *arena)
{
	const char **items = arena_alloc(arena, (device->address_count + 1) * sizeof(*items));

	for (size_t i = 0; i < device->address_count; i++)
		items[i] = to_hex(device->addresses[i].bytes, device->addresses[i].size, arena);
	return (struct oci_strings){ items, device->address_count, true };
}

void netdevices_record(const struct netdevice *devices, size_t count, struct arena *arena,
		       struct record_net_devices *ret_list)
{
	struct record_net_device *items = arena_alloc(arena, (count + 1) * sizeof(*items));

	for (size_t i = 0; i < count; i++)
		items[i] = (struct record_net_device){
			.name = devices[i].name,
			.index = OCI_SET(devices[i].index),
			.is_up = OCI_SET(devices[i].is_up),
			.master = OCI_SET(devices[i].master),
			.link = to_hex(devices[i].link, devices[i].link_size, arena),
			.addresses = record_addresses(&devices[i], arena),
			.new_index = OCI_SET(devices[i].new_index),
		};
	*ret_list = (struct record_net_devices){ items, count, true };
}

static int read_addresses(const struct oci_strings *texts, struct netaddress *addresses)
{
	for (size_t i = 0; i < texts->count; i++) {
		struct netaddress *address = &addresses[i];

		if (from_hex(texts->items[i], address->bytes, sizeof(address->bytes),
			     &address->size))
			return err_code();
		if (address->size < sizeof(struct ifaddrmsg))
			return err_refuse("state.json: netDevices: \"%s\" is no address",
					  texts->items[i]);
	}
	return 0;
}

int netdevices_read(const struct record_net_device *item, struct netdevice *ret_device)
{
	_cleanup_free_ struct netaddress *addresses =
		xcalloc(item->addresses.count + 1, sizeof(*addresses));
	struct netdevice device = {
		.index = item->index.value,
		.is_up = item->is_up.value,
		.master = item->master.value,
		.new_index = item->new_index.value,
		.address_count = item->addresses.count,
	};

	if (strlen(item->name) >= sizeof(device.name))
		return err_refuse("state.json: netDevices: \"%s\" is no name", item->name);
	memcpy(device.name, item->name, strlen(item->name));
	if (from_hex(item->link ? item->link : "", device.link, sizeof(device.link),
		     &device.link_size) ||
	    read_addresses(&item->addresses, addresses))
		return err_code();
	device.addresses = take(addresses);
	*ret_device = device;
	return 0;
}
