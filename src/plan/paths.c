/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paths - the root file system, its propagation, masked and read-only paths. */
#include <linux/mount.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "plan/build.h"
#include "plan/nameset.h"

/*
 * config-linux.md, "Rootfs Mount Propagation".  Beforehand, in the whole tree
 * that we got with the mount namespace, nothing may flow back to the host
 * unless config.json says shared: binds of the container's then stay peers of
 * their sources.  At the end, the new root gets what could not be set earlier.
 */
struct propagation {
	uint32_t before;
	uint32_t at_the_end;
};

/* clang-format off */
static const struct propagation propagations[] = {
	[OCI_PROPAGATION_ABSENT]      = { MS_SLAVE | MS_REC,   0 },
	[OCI_PROPAGATION_SHARED]      = { MS_SHARED,           MS_SHARED },
	[OCI_PROPAGATION_RSHARED]     = { MS_SHARED | MS_REC,  MS_SHARED | MS_REC },
	[OCI_PROPAGATION_SLAVE]       = { MS_SLAVE | MS_REC,   0 },
	[OCI_PROPAGATION_RSLAVE]      = { MS_SLAVE | MS_REC,   0 },
	[OCI_PROPAGATION_PRIVATE]     = { MS_PRIVATE | MS_REC, 0 },
	[OCI_PROPAGATION_RPRIVATE]    = { MS_PRIVATE | MS_REC, 0 },
	[OCI_PROPAGATION_UNBINDABLE]  = { MS_PRIVATE | MS_REC, MS_UNBINDABLE },
	[OCI_PROPAGATION_RUNBINDABLE] = { MS_PRIVATE | MS_REC, MS_UNBINDABLE | MS_REC },
};
/* clang-format on */

int plan_rootfs(struct build *b)
{
	const struct oci_root *root = b->spec->root;
	_cleanup_free_ char *path = NULL;

	if (!root)
		return err_refuse("root: required, but missing");
	if (!*root->path)
		return err_refuse("root.path: must not be empty");
	path = path_clean(b->request->bundle, root->path);
	if (strcmp(path, "/") == 0)
		return err_refuse("root.path: must not be the host's root");
	b->plan->rootfs = build_copy(b, path, strlen(path));
	b->init->rootfs = build_text(b, path);
	b->init->is_root_readonly = root->readonly.value;
	b->init->propagation = propagations[b->linux->rootfs_propagation].before;
	b->init->root_propagation = propagations[b->linux->rootfs_propagation].at_the_end;
	return 0;
}

static int clean_path(struct build *b, const char *member, size_t index, const char *path,
		      const char **ret_path)
{
	_cleanup_free_ char *clean = NULL;

	if (path[0] != '/')
		return err_refuse("%s[%zu]: \"%s\" is not absolute", member, index, path);
	clean = path_clean("/", path);
	if (strcmp(clean, "/") == 0)
		return err_refuse("%s[%zu]: must not be the root", member, index);
	*ret_path = build_copy(b, clean, strlen(clean));
	return 0;
}

/* Put a list of paths into the block; what is named twice is done once. */
static int put_paths(struct build *b, const char *member, const struct oci_strings *paths,
		     struct block_list *ret_list)
{
	struct block_entry *entries;
	struct nameset seen;
	void *room;
	uint32_t count = 0;

	nameset_init(&seen, b, paths->count);
	*ret_list = block_put_list(&b->plan->block, paths->count, sizeof(*entries), &room);
	entries = room;
	for (size_t i = 0; i < paths->count; i++) {
		const char *path = "";
		int code = build_note(b, clean_path(b, member, i, paths->items[i], &path));

		if (code < 0)
			return code;
		if (!nameset_add(&seen, path, strlen(path)))
			continue;
		entries[count].text = build_text(b, path);
		entries[count++].origin = build_text_at(b, member, i);
	}
	ret_list->count = count;
	return 0;
}

/* config-linux.md, "Masked Paths" and "Readonly Paths" */
int plan_paths(struct build *b)
{
	return put_paths(b, "linux.maskedPaths", &b->linux->masked_paths,
			 &b->init->masked_paths)
		       ?: put_paths(b, "linux.readonlyPaths", &b->linux->readonly_paths,
				    &b->init->readonly_paths);
}
