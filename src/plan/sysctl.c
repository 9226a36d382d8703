/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sysctl - only what belongs to a namespace of the container's (config-linux.md, "Sysctl"). */
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "plan/build.h"

/* clang-format off */
static const char *const ipc_names[] = {
	"kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/sem", "kernel/shmall",
	"kernel/shmmax", "kernel/shmmni", "kernel/shm_rmid_forced",
	NULL,
};
/* clang-format on */

/*
 * The path below /proc/sys.  As in sysctl(8): the separator that comes first
 * is the separator, and where it is the dot, a slash stands for a dot in a name.
 */
static void name_to_path(char *path)
{
	size_t first = strcspn(path, "./");

	if (path[first] != '.')
		return;
	for (; *path; path++) {
		if (*path == '.')
			*path = '/';
		else if (*path == '/')
			*path = '.';
	}
}

/* Each component is a name: not empty, not "." or "..". */
static bool is_plain_path(const char *path)
{
	while (true) {
		size_t length = strcspn(path, "/");

		if (length == 0 || (length == 1 && path[0] == '.') ||
		    (length == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		if (path[length] == '\0')
			return true;
		path += length + 1;
	}
}

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_of_ipc(const char *path)
{
	if (starts_with(path, "fs/mqueue/"))
		return true;
	for (const char *const *name = ipc_names; *name; name++)
		if (strcmp(path, *name) == 0)
			return true;
	return false;
}

/* What KEY (already as a path) belongs to decides whether the container may have it. */
static int check(struct build *b, const char *key, const char *path)
{
	bool has_uts = build_has_namespace(b, CLONE_NEWUTS);

	if (!is_plain_path(path) || text_has_control(path))
		return err_refuse("linux.sysctl[\"%s\"]: not the name of a sysctl", key);
	if (is_of_ipc(path)) {
		if (build_has_namespace(b, CLONE_NEWIPC))
			return 0;
		return err_refuse("linux.sysctl[\"%s\"]: sysctl \"%s\" is not allowed in the "
				  "hosts ipc namespace",
				  key, key);
	}
	if (starts_with(path, "net/")) {
		if (build_has_namespace(b, CLONE_NEWNET))
			return 0;
		return err_refuse("linux.sysctl[\"%s\"]: sysctl \"%s\" not allowed in host "
				  "network namespace",
				  key, key);
	}
	if (starts_with(path, "user/") && build_has_namespace(b, CLONE_NEWUSER))
		return 0;
	if (has_uts && strcmp(path, "kernel/domainname") == 0)
		return 0;
	if (has_uts && strcmp(path, "kernel/hostname") == 0)
		return err_refuse("linux.sysctl[\"%s\"]: sysctl \"%s\" is not allowed as it "
				  "conflicts with the OCI \"hostname\" field",
				  key, key);
	return err_refuse("linux.sysctl[\"%s\"]: sysctl \"%s\" is not in a separate kernel "
			  "namespace",
			  key, key);
}

/* Which namespace PATH, which has passed check(), belongs to. */
static unsigned namespace_of(const char *path)
{
	if (is_of_ipc(path))
		return CLONE_NEWIPC;
	if (starts_with(path, "net/"))
		return CLONE_NEWNET;
	return starts_with(path, "user/") ? CLONE_NEWUSER : CLONE_NEWUTS;
}

/* What is joined by a path may turn out to be the host's own. */
static void note_on_join(struct build *b, const char *key, const char *path)
{
	unsigned flag = namespace_of(path);

	for (size_t i = 0; i < b->plan->join_count; i++)
		if (b->plan->joins[i].flag == flag)
			b->plan->joins[i].sysctl = key;
}

/*
 * The file of this one can be written by the machine's root alone, but setdomainname(2) is for
 * the root of the user namespace that the UTS namespace belongs to.
 */
static int take_domainname(struct build *b, const char *origin, const char *value)
{
	const char *given = block_string(b->init, b->init->domainname);
	int code = plan_check_uts_name(origin, value);

	if (code < 0)
		return code;
	if (given && strcmp(given, value) != 0)
		return err_refuse("%s: \"%s\" conflicts with the OCI \"domainname\" field",
				  origin, value);
	b->init->domainname = build_text(b, value);
	return 0;
}

static int plan_sysctl(struct build *b, const struct oci_pair *item,
		       struct block_sysctl *sysctl)
{
	const char *origin = build_printf(b, "linux.sysctl[\"%s\"]", item->key);
	char *path = build_copy(b, item->key, strlen(item->key));
	int code;

	name_to_path(path);
	code = check(b, item->key, path);
	if (code < 0)
		return code;
	note_on_join(b, item->key, path);
	if (strcmp(path, "kernel/domainname") == 0)
		return take_domainname(b, origin, item->value);
	sysctl->path = build_text(b, path);
	sysctl->value = build_text(b, item->value);
	sysctl->origin = build_text(b, origin);
	return 0;
}

int plan_sysctls(struct build *b)
{
	const struct oci_pairs *list = &b->linux->sysctl;
	struct block_sysctl *sysctls;
	void *room;

	b->init->sysctls =
		block_put_list(&b->plan->block, list->count, sizeof(*sysctls), &room);
	sysctls = room;
	b->init->sysctls.count = 0;
	for (size_t i = 0; i < list->count; i++) {
		int code = build_note(
			b, plan_sysctl(b, &list->items[i], &sysctls[b->init->sysctls.count]));

		if (code < 0)
			return code;
		b->init->sysctls.count += sysctls[b->init->sysctls.count].path != 0;
	}
	return 0;
}
