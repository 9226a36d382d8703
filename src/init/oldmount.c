/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oldmount - mount(2), where the new mount API is missing or cannot take what is wanted. */
#include "init/oldmount.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "init/mountlabel.h"
#include "kernel/syscalls.h"
#include "kernel/target.h"

#define FSCONFIG_VALUE_MAX 255 /* longer strings are refused by fsconfig(2) */
#define DATA_MAX 4096          /* mount(2) takes one page */

bool oldmount_is_needed(const struct mountfd_fs *fs)
{
	for (size_t i = 0; i < fs->data_count; i++) {
		const char *value = strchr(fs->data[i], '=');

		if (value && strlen(value + 1) > FSCONFIG_VALUE_MAX)
			return true;
	}
	return (fs->superblock & ~MOUNTFD_SUPERBLOCK) || mountfd_is_missing();
}

/* The name by which mount(2) reaches a descriptor without walking the image's paths. */
static void name_of(int fd, char *out, size_t size)
{
	snprintf(out, size, "/proc/self/fd/%d", fd);
}

/* A label may have commas, which separate options here unless it is in quotes. */
static bool needs_quotes(const char *option)
{
	const char *value = strchr(option, '=');

	return value && strchr(value, ',') && value - option >= 7 &&
	       strncmp(value - 7, "context", 7) == 0;
}

static int add_option(const char *option, char *out, size_t size)
{
	int name = (int)strcspn(option, "=");

	if (needs_quotes(option))
		return snprintf(out, size, "%.*s=\"%s\"", name, option, option + name + 1);
	return snprintf(out, size, "%s", option);
}

static int join_data(const struct mountfd_fs *fs, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < fs->data_count; i++) {
		int n;

		if (i > 0 && used + 1 < size)
			out[used++] = ',';
		n = add_option(fs->data[i], out + used, size - used);
		if (n < 0 || (size_t)n >= size - used)
			return err_sys(E2BIG, "options of %s", fs->type);
		used += (size_t)n;
	}
	return 0;
}

/* Propagation and attributes of what is on top of the destination now. */
static int finish(const struct init *init, const struct block_mount *mount, bool is_bind)
{
	const uint32_t *changes = LIST_OF(init->plan, mount->propagation, uint32_t);
	_cleanup_close_ int top =
		fd_open_in(init->root, block_string(init->plan, mount->destination), O_PATH);

	if (top < 0)
		return top;
	if (mountlabel_set(init, mount, top))
		return err_code();
	if (mountfd_change(top, mount->recursive_set, mount->recursive_clear, true))
		return err_code();
	if (is_bind && mountfd_change(top, mount->set, mount->clear, false))
		return err_code();
	for (uint32_t i = 0; i < mount->propagation.count; i++)
		if (mountfd_propagation(top, changes[i]))
			return err_code();
	return 0;
}

int oldmount_fs(const struct init *init, const struct block_mount *mount,
		const struct mountfd_fs *fs, int target)
{
	if (mount->idmap != NO_SLOT)
		return err_refuse("id-mapped mounts need the mount API of Linux 5.12, which "
				  "takes no option longer than %d bytes",
				  FSCONFIG_VALUE_MAX);
	if (mount->is_copied_up)
		return err_refuse("tmpcopyup needs the mount API of Linux 5.2");
	if (oldmount_fs_on(fs, target))
		return err_code();
	return finish(init, mount, false);
}

int oldmount_fs_on(const struct mountfd_fs *fs, int target)
{
	unsigned long flags = mountfd_flags(fs->attributes) | fs->superblock;
	char data[DATA_MAX], name[32];

	if (join_data(fs, data, sizeof(data)))
		return err_code();
	name_of(target, name, sizeof(name));
	if (sys_mount(fs->source ? fs->source : fs->type, name, fs->type, flags, data) < 0)
		return err_sys(errno, "%s", fs->type);
	return 0;
}

int oldmount_bind_fd(int source, int target, bool is_recursive)
{
	unsigned long flags = MS_BIND | (is_recursive ? MS_REC : 0);
	char from[32], to[32];

	name_of(source, from, sizeof(from));
	name_of(target, to, sizeof(to));
	if (sys_mount(from, to, NULL, flags, NULL) < 0)
		return err_sys(errno, "bind");
	return 0;
}

int oldmount_bind(const struct init *init, const struct block_mount *mount)
{
	const char *source = block_string(init->plan, mount->source);
	_cleanup_close_ int from = fd_open(AT_FDCWD, source, O_PATH, 0);
	_cleanup_close_ int target = NO_FD;

	if (from < 0)
		return from;
	if (mount->idmap != NO_SLOT)
		return err_refuse("id-mapped mounts need mount_setattr(2), Linux 5.12");
	target = target_open(init->root, block_string(init->plan, mount->destination),
			     fd_is_directory(from) ? TARGET_DIRECTORY : TARGET_FILE, NULL);
	if (target < 0)
		return target;
	if (oldmount_bind_fd(from, target, mount->is_recursive))
		return err_while("%s", source);
	return finish(init, mount, true);
}

int oldmount_reconfigure(const struct mountfd_fs *fs, uint64_t attributes, int target)
{
	unsigned long flags = mountfd_flags(attributes) | fs->superblock;
	char data[DATA_MAX], name[32];

	if (join_data(fs, data, sizeof(data)))
		return err_code();
	name_of(target, name, sizeof(name));
	if (sys_mount(NULL, name, NULL, MS_REMOUNT | flags, data) < 0)
		return err_sys(errno, "remount");
	return 0;
}
