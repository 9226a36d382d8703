/* SPDX-License-Identifier: GPL-2.0-or-later */
/* external - what of a running container comes from outside, as CRIU has to be told. */
#include "container/external.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/descriptor.h"
#include "kernel/mountinfo.h"
#include "plan/outside.h"

/* Of the container's root, as its processes see it. */
static int open_root(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	return fd_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
}

/*
 * Where the mount is that PATH of the container leads to: config.json may name it by a symlink.
 * Returns 1; 0 when nothing is mounted there any more, or WANTS_DEVICE and it is none.
 */
static int find_mount(pid_t pid, int root, const char *path, bool wants_device,
		      char point[PATH_MAX])
{
	_cleanup_close_ int fd = fd_open_in(root, path, O_PATH);
	struct descriptor_place place;

	if (fd < 0) {
		err_clear();
		return 0;
	}
	if (descriptor_look(fd, &place))
		return err_code();
	if (!place.is_root || (wants_device && !S_ISCHR(place.mode)))
		return 0;
	return mountinfo_find_id(pid, place.mount, point, PATH_MAX);
}

static int add_mount(pid_t pid, int root, const struct criu_pair *mount, bool wants_device,
		     struct arena *arena, struct external *external)
{
	char point[PATH_MAX];
	int found = find_mount(pid, root, mount->key, wants_device, point);

	if (found <= 0)
		return found;
	external->mounts[external->mount_count++] =
		(struct criu_pair){ arena_text(arena, point, strlen(point)), mount->value };
	return 0;
}

/* Files are hidden behind the host's null device, directories behind a file system. */
static int add_masks(pid_t pid, int root, const struct plan *plan, struct arena *arena,
		     struct external *external)
{
	const struct init_plan *init = plan->init;

	for (uint32_t i = 0; i < init->masked_paths.count; i++) {
		struct criu_pair mask = {
			block_string(
				init,
				LIST_OF(init, init->masked_paths, struct block_entry)[i].text),
			"/dev/null",
		};

		if (add_mount(pid, root, &mask, true, arena, external))
			return err_code();
	}
	return 0;
}

static int find_mounts(pid_t pid, const struct plan *plan, struct arena *arena,
		       struct external *external)
{
	_cleanup_close_ int root = open_root(pid);
	struct criu_pair *mounts;
	size_t count;

	if (root < 0)
		return root;
	count = outside_mounts(plan, arena, &mounts);
	external->mounts = arena_alloc(arena, (count + plan->init->masked_paths.count + 1) *
						      sizeof(*external->mounts));
	for (size_t i = 0; i < count; i++) {
		/* In the images it has the name that config.json gives it. */
		struct criu_pair mount = { mounts[i].key, mounts[i].key };

		if (add_mount(pid, root, &mount, false, arena, external))
			return err_code();
	}
	return add_masks(pid, root, plan, arena, external);
}

static void add_name(struct arena *arena, struct external *external, const char *text)
{
	external->names[external->name_count++] = arena_text(arena, text, strlen(text));
}

static int find_namespaces(pid_t pid, const struct plan *plan, struct arena *arena,
			   struct external *external)
{
	struct outside_namespace *list =
		arena_alloc(arena, (plan->join_count + 1) * sizeof(*list));
	int count = outside_namespaces(plan, list);

	for (int i = 0; i < count; i++) {
		char path[64], text[128];
		struct stat about;

		if (!list[i].key)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, list[i].name);
		if (stat(path, &about) < 0)
			return err_sys(errno, "stat %s", path);
		snprintf(text, sizeof(text), "%s[%" PRIu64 "]:%s", list[i].name,
			 (uint64_t)about.st_ino, list[i].key);
		add_name(arena, external, text);
	}
	return count < 0 ? count : 0;
}

/* A file of the host's: under the ids it has here, which mean nothing elsewhere. */
static int add_file(pid_t pid, const char *name, struct arena *arena, struct external *external)
{
	char point[PATH_MAX];
	int found;

	if (strncmp(name, DESCRIPTOR_NULL, strlen(DESCRIPTOR_NULL)) == 0)
		name += strlen(DESCRIPTOR_NULL);
	if (strncmp(name, DESCRIPTOR_FILE, strlen(DESCRIPTOR_FILE)) != 0)
		return 0;
	found = mountinfo_find_id(pid, (int)strtoul(name + strlen(DESCRIPTOR_FILE), NULL, 16),
				  point, sizeof(point));
	if (found == 0)
		add_name(arena, external, name);
	return found < 0 ? found : 0;
}

/*
 * The pipes and files of the container's beginning: what init has in their place now may be so for
 * a moment, as while a shell redirects them, and others of its processes may hold them.
 */
static int find_descriptors(const struct record *record, struct arena *arena,
			    struct external *external)
{
	for (size_t fd = 0; fd < ARRAY_SIZE(external->descriptors); fd++) {
		const char *name =
			fd < record->descriptors.count ? record->descriptors.items[fd] : "";

		external->descriptors[fd] = name;
		if (add_file(record->pid.value, name, arena, external))
			return err_code();
	}
	return 0;
}

int external_find(const struct record *record, const struct plan *plan, struct arena *arena,
		  struct external *ret_external)
{
	pid_t pid = record->pid.value;
	size_t room = plan->join_count + ARRAY_SIZE(ret_external->descriptors);

	*ret_external = (struct external){ 0 };
	ret_external->names = arena_alloc(arena, room * sizeof(*ret_external->names));
	if (find_mounts(pid, plan, arena, ret_external) ||
	    find_namespaces(pid, plan, arena, ret_external))
		return err_code();
	return find_descriptors(record, arena, ret_external);
}
