/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netdevices - devices of the host's network that move in (config-linux.md, "Network Devices"). */
#include <linux/capability.h>
#include <linux/if.h>
#include <linux/sched.h>
#include <string.h>

#include "base/err.h"
#include "plan/build.h"
#include "plan/nameset.h"

/* What the kernel's isspace() takes for a space: Latin-1's, too. */
static const char never_in_names[] = "/: \t\n\v\f\r\xa0";

/* As the kernel sees it; one "%d" stands for a number that it chooses. */
static bool is_name(const char *name)
{
	size_t length = strlen(name);
	const char *percent = strchr(name, '%');

	if (length == 0 || length >= IFNAMSIZ || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0 || strpbrk(name, never_in_names))
		return false;
	return !percent || (percent[1] == 'd' && !strchr(percent + 2, '%'));
}

static bool is_template(const char *name)
{
	return strchr(name, '%');
}

static int check_names(const struct oci_net_device *item)
{
	if (!is_name(item->key) || is_template(item->key))
		return err_refuse(
			"linux.netDevices[\"%s\"]: invalid network device name \"%s\"",
			item->key, item->key);
	if (item->name && *item->name && !is_name(item->name))
		return err_refuse("linux.netDevices[\"%s\"].name: invalid network device name "
				  "\"%s\"",
				  item->key, item->name);
	return 0;
}

static int check_network(struct build *b)
{
	if (!build_has_namespace(b, CLONE_NEWNET))
		return err_refuse("linux.netDevices: unable to move network devices without a "
				  "private NET namespace");
	if (b->host->euid != 0 || !build_may(b, CAP_NET_ADMIN) || !build_may(b, CAP_SYS_ADMIN))
		return err_lack("linux.netDevices: network devices are not supported for "
				"rootless containers");
	return 0;
}

static int plan_one(struct build *b, const struct oci_net_device *item, struct nameset *names,
		    struct plan_net_device *device)
{
	const char *name = item->name && *item->name ? item->name : item->key;
	int code = check_names(item);

	if (code < 0)
		return code;
	if (!is_template(name) && !nameset_add(names, name, strlen(name)))
		return err_refuse("linux.netDevices[\"%s\"]%s: \"%s\" is the name of another "
				  "device in the container",
				  item->key, name == item->key ? "" : ".name", name);
	*device = (struct plan_net_device){
		.name = item->key,
		.new_name = name == item->key ? NULL : name,
		.origin = build_printf(b, "linux.netDevices[\"%s\"]", item->key),
	};
	return 0;
}

int plan_net_devices(struct build *b)
{
	const struct oci_net_devices *list = &b->linux->net_devices;
	struct nameset names;

	if (list->count == 0)
		return 0;
	nameset_init(&names, b, list->count);
	b->plan->net_devices = build_items(b, list->count, sizeof(struct plan_net_device));
	for (size_t i = 0; i < list->count; i++) {
		int code = build_note(
			b, plan_one(b, &list->items[i], &names, &b->plan->net_devices[i]));

		if (code < 0)
			return code;
	}
	b->plan->net_device_count = list->count;
	return build_note(b, check_network(b));
}
