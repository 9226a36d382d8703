/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devices - what is made in /dev (config-linux.md, "Devices" and "Default Devices"). */
#include <linux/capability.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "plan/build.h"
#include "plan/idmaps.h"

#define MAJOR_MAX 4095    /* what the kernel keeps of a device's numbers: 12 bits */
#define MINOR_MAX 1048575 /* and 20 */
#define MODE_DEFAULT 0666

struct default_device {
	const char *path;
	uint32_t major, minor;
};

/* clang-format off */
static const struct default_device default_devices[] = {
	{ "/dev/null",    1, 3 },
	{ "/dev/zero",    1, 5 },
	{ "/dev/full",    1, 7 },
	{ "/dev/random",  1, 8 },
	{ "/dev/urandom", 1, 9 },
	{ "/dev/tty",     5, 0 },
};

struct default_link {
	const char *path, *target;
};

/* runtime-linux.md, "Dev symbolic links", and the ptmx of config-linux.md. */
static const struct default_link default_links[] = {
	{ "/dev/fd",     "/proc/self/fd" },
	{ "/dev/stdin",  "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
	{ "/dev/core",   "/proc/kcore" },
	{ "/dev/ptmx",   "pts/ptmx" },
};

static const uint32_t type_modes[] = {
	[OCI_DEVICE_CHARACTER]  = S_IFCHR,
	[OCI_DEVICE_BLOCK]      = S_IFBLK,
	[OCI_DEVICE_UNBUFFERED] = S_IFCHR,
	[OCI_DEVICE_FIFO]       = S_IFIFO,
};
/* clang-format on */

static int put_number(size_t index, const char *member, const struct oci_i64 *number,
		      uint32_t max, uint32_t *ret)
{
	if (!number->is_set)
		return err_refuse("linux.devices[%zu].%s: required, but missing", index,
				  member);
	if (number->value < 0 || number->value > max)
		return err_refuse("linux.devices[%zu].%s: %lld is out of range", index, member,
				  (long long)number->value);
	*ret = (uint32_t)number->value;
	return 0;
}

static int put_numbers(struct build *b, size_t index, const struct oci_device *spec,
		       struct block_device *device)
{
	/* A type that could not be read may be any of them. */
	if (!spec->type || spec->type == OCI_DEVICE_FIFO)
		return 0;
	return build_note(b,
			  put_number(index, "major", &spec->major, MAJOR_MAX, &device->major))
		       ?: build_note(b, put_number(index, "minor", &spec->minor, MINOR_MAX,
						   &device->minor));
}

static int put_mode(size_t index, const struct oci_device *spec, struct block_device *device)
{
	/* Some managers leave the type's bits in; they must not say something else. */
	uint32_t mode = spec->file_mode.is_set ? spec->file_mode.value : MODE_DEFAULT;
	uint32_t type = mode & S_IFMT;

	mode &= ~(uint32_t)S_IFMT;
	if ((type && spec->type && type != type_modes[spec->type]) || mode > 07777)
		return err_refuse("linux.devices[%zu].fileMode: %u is not a file's mode", index,
				  spec->file_mode.value);
	device->mode = type_modes[spec->type] | mode;
	return 0;
}

static int check_id(size_t index, const char *member, const char *kind, uint32_t id)
{
	if (id == NO_ID)
		return err_refuse("linux.devices[%zu].%s: 4294967295 is no %s ID", index,
				  member, kind);
	return 0;
}

static int put_owner(struct build *b, size_t index, const struct oci_device *spec,
		     struct block_device *device)
{
	device->uid = spec->uid.value;
	device->gid = spec->gid.value;
	return build_note(b, check_id(index, "uid", "user", device->uid))
		       ?: build_note(b, check_id(index, "gid", "group", device->gid));
}

static int put_device(struct build *b, size_t index, const char *path,
		      struct block_device *device)
{
	const struct oci_device *spec = &b->linux->devices.items[index];

	device->origin = build_text_at(b, "linux.devices", index);
	device->path = build_text(b, path);
	return put_numbers(b, index, spec, device) ?:
	       build_note(b, put_mode(index, spec, device)) ?:
	       put_owner(b, index, spec, device);
}

/* The default device at PATH that was put already, or NULL. */
static struct block_device *find_default(struct build *b, struct block_device *devices,
					 const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(default_devices); i++)
		if (strcmp(block_string(b->init, devices[i].path), path) == 0)
			return &devices[i];
	return NULL;
}

static int clean_path(struct build *b, size_t index, const char **ret_path)
{
	const char *path = b->linux->devices.items[index].path;
	_cleanup_free_ char *clean = NULL;

	if (path[0] != '/')
		return err_refuse("linux.devices[%zu].path: \"%s\" is not absolute", index,
				  path);
	clean = path_clean("/", path);
	if (strcmp(clean, "/") == 0)
		return err_refuse("linux.devices[%zu].path: must not be the root", index);
	*ret_path = build_copy(b, clean, strlen(clean));
	return 0;
}

/* A device with the path of a default one takes its place. */
static int put_devices(struct build *b, struct block_device *devices, uint32_t *count)
{
	for (size_t i = 0; i < b->linux->devices.count; i++) {
		struct block_device *device;
		const char *path = "";
		int code = build_note(b, clean_path(b, i, &path));

		if (code < 0)
			return code;
		/* The container's own ptmx is the link to pts/ptmx. */
		if (strcmp(path, "/dev/ptmx") == 0)
			continue;
		device = find_default(b, devices, path) ?: &devices[(*count)++];
		memset(device, 0, sizeof(*device));
		code = put_device(b, i, path, device);
		if (code < 0)
			return code;
	}
	return 0;
}

static void put_default_devices(struct build *b, struct block_device *devices)
{
	for (size_t i = 0; i < ARRAY_SIZE(default_devices); i++) {
		devices[i].origin = build_text(b, "default devices");
		devices[i].path = build_text(b, default_devices[i].path);
		devices[i].mode = S_IFCHR | MODE_DEFAULT;
		devices[i].major = default_devices[i].major;
		devices[i].minor = default_devices[i].minor;
		devices[i].is_default = 1;
	}
}

static void put_links(struct build *b)
{
	struct block_link *links;
	void *room;

	b->init->links = block_put_list(&b->plan->block, ARRAY_SIZE(default_links),
					sizeof(*links), &room);
	links = room;
	for (size_t i = 0; i < ARRAY_SIZE(default_links); i++) {
		links[i].path = build_text(b, default_links[i].path);
		links[i].target = build_text(b, default_links[i].target);
	}
}

/* mounts.c has said whether /dev is the container's own. */
int plan_devices(struct build *b)
{
	size_t room_count = ARRAY_SIZE(default_devices) + b->linux->devices.count;
	uint32_t count = ARRAY_SIZE(default_devices);
	struct block_device *devices;
	void *room;
	int code;

	if (!b->init->makes_devices) {
		if (b->linux->devices.count)
			build_warn(b, LOG_WARNING,
				   "linux.devices: /dev is the host's, no device is made");
		return 0;
	}
	b->init->devices = block_put_list(&b->plan->block, room_count, sizeof(*devices), &room);
	devices = room;
	put_default_devices(b, devices);
	code = put_devices(b, devices, &count);
	if (code < 0)
		return code;
	b->init->devices.count = count;
	b->init->binds_devices =
		build_has_namespace(b, CLONE_NEWUSER) || !build_may(b, CAP_MKNOD);
	put_links(b);
	return 0;
}
