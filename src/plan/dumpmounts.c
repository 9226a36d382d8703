/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dumpmounts - what init does to the file system, as text. */
#include <sys/stat.h>

#include "base/cleanup.h"
#include "plan/dump.h"

static const char *const kinds[] = {
	[MOUNT_FS] = "new",          [MOUNT_BIND] = "bind",     [MOUNT_CGROUP] = "cgroup",
	[MOUNT_REMOUNT] = "remount", [MOUNT_CHANGE] = "change",
};

static void dump_field(struct buf *out, const char *name, const struct dump_bit *table,
		       uint64_t bits)
{
	if (!bits)
		return;
	buf_printf(out, ", %s ", name);
	dump_bits(out, table, bits);
}

static void dump_data(const struct init_plan *init, const struct block_mount *mount,
		      struct buf *out)
{
	const block_text *data = LIST_OF(init, mount->data, block_text);
	const uint32_t *changes = LIST_OF(init, mount->propagation, uint32_t);

	if (mount->label) {
		buf_printf(out, ", label ");
		dump_text(out, block_string(init, mount->label));
	}
	for (uint32_t i = 0; i < mount->data.count; i++) {
		buf_printf(out, ", data ");
		dump_text(out, block_string(init, data[i]));
	}
	for (uint32_t i = 0; i < mount->propagation.count; i++)
		dump_field(out, "then", dump_mount_flags, changes[i]);
}

static void dump_mount(const struct init_plan *init, const struct block_mount *mount,
		       struct buf *out)
{
	const char *source = block_string(init, mount->source);
	const char *type = block_string(init, mount->type);

	buf_printf(out, "mount: %s %s%s%s at %s", kinds[mount->kind], type ? type : "",
		   type ? " of " : "", source ? source : "-",
		   block_string(init, mount->destination));
	if (mount->tree != NO_SLOT)
		buf_printf(out, ", tree %d", mount->tree);
	if (mount->idmap != NO_SLOT)
		buf_printf(out, ", idmap %d%s", mount->idmap,
			   mount->is_idmap_recursive ? " recursive" : "");
	buf_printf(out, "%s%s%s%s", mount->is_recursive ? ", recursive" : "",
		   mount->is_copied_up ? ", copied up" : "",
		   mount->is_mode_given ? ", mode given" : "",
		   mount->is_optional ? ", optional" : "");
	dump_field(out, "set", dump_attributes, mount->set);
	dump_field(out, "clear", dump_attributes, mount->clear);
	dump_field(out, "set all", dump_attributes, mount->recursive_set);
	dump_field(out, "clear all", dump_attributes, mount->recursive_clear);
	dump_field(out, "fs set", dump_mount_flags, mount->superblock_set);
	dump_field(out, "fs clear", dump_mount_flags, mount->superblock_clear);
	dump_data(init, mount, out);
	buf_printf(out, " [%s]\n", block_string(init, mount->origin));
}

static char type_letter(uint32_t mode)
{
	if (S_ISBLK(mode))
		return 'b';
	return S_ISFIFO(mode) ? 'p' : 'c';
}

static void dump_devices(const struct init_plan *init, struct buf *out)
{
	const struct block_device *devices = LIST_OF(init, init->devices, struct block_device);
	const struct block_link *links = LIST_OF(init, init->links, struct block_link);

	buf_printf(out, "dev: make %s, by bind %s, then read-only %s\n",
		   init->makes_devices ? "yes" : "no", init->binds_devices ? "yes" : "no",
		   init->is_dev_readonly ? "yes" : "no");
	for (uint32_t i = 0; i < init->devices.count; i++)
		buf_printf(out, "node: %s %c %u:%u mode %04o owner %u:%u%s [%s]\n",
			   block_string(init, devices[i].path), type_letter(devices[i].mode),
			   devices[i].major, devices[i].minor, devices[i].mode & 07777,
			   devices[i].uid, devices[i].gid,
			   devices[i].is_default ? ", default" : "",
			   block_string(init, devices[i].origin));
	for (uint32_t i = 0; i < init->links.count; i++)
		buf_printf(out, "link: %s to %s\n", block_string(init, links[i].path),
			   block_string(init, links[i].target));
}

static void dump_entries(const struct init_plan *init, const char *name,
			 const struct block_list *list, struct buf *out)
{
	const struct block_entry *entries = LIST_OF(init, *list, struct block_entry);

	for (uint32_t i = 0; i < list->count; i++)
		buf_printf(out, "%s: %s [%s]\n", name, block_string(init, entries[i].text),
			   block_string(init, entries[i].origin));
}

void dump_mounts(const struct init_plan *init, struct buf *out)
{
	const struct block_mount *mounts = LIST_OF(init, init->mounts, struct block_mount);

	buf_printf(out, "root: %s%s%s%s, before ", block_string(init, init->rootfs),
		   init->is_root_readonly ? ", read-only" : "",
		   init->keeps_mount_namespace ? ", mounted aside" : "",
		   init->wants_no_pivot ? ", no pivot" : "");
	dump_bits(out, dump_mount_flags, init->propagation);
	buf_printf(out, ", at the end ");
	dump_bits(out, dump_mount_flags, init->root_propagation);
	buf_printf(out, "\n");
	for (uint32_t i = 0; i < init->mounts.count; i++)
		dump_mount(init, &mounts[i], out);
	dump_devices(init, out);
	dump_entries(init, "read-only path", &init->readonly_paths, out);
	dump_entries(init, "masked path", &init->masked_paths, out);
}
