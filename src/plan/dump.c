/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dump - the plan as text, one line for each thing that will be done. */
#include "plan/dump.h"

#include <string.h>

static const char *yes_or_no(bool value)
{
	return value ? "yes" : "no";
}

void dump_bits(struct buf *out, const struct dump_bit *table, uint64_t bits)
{
	const char *comma = "";

	if (!bits)
		buf_printf(out, "-");
	for (; table->name; table++) {
		if ((bits & table->mask) != table->value)
			continue;
		buf_printf(out, "%s%s", comma, table->name);
		bits &= ~table->mask;
		comma = ",";
	}
	if (bits)
		buf_printf(out, "%s0x%llx", comma, (unsigned long long)bits);
}

void dump_text(struct buf *out, const char *text)
{
	if (!text) {
		buf_printf(out, "-");
		return;
	}
	buf_printf(out, "\"");
	for (; *text; text++) {
		if (*text == '\n')
			buf_printf(out, "\\n");
		else if (*text == '"' || *text == '\\')
			buf_printf(out, "\\%c", *text);
		else if ((unsigned char)*text < ' ' || *text == 0x7f)
			buf_printf(out, "\\x%02x", (unsigned char)*text);
		else
			buf_add(out, text, 1);
	}
	buf_printf(out, "\"");
}

static void dump_maps(const char *name, const struct plan_idmap *maps, size_t count,
		      struct buf *out)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s: %u is %u for %u\n", name, maps[i].container, maps[i].host,
			   maps[i].size);
}

static void dump_namespace_plan(const struct plan *plan, struct buf *out)
{
	const struct init_plan *init = plan->init;

	buf_printf(out, "namespaces: new ");
	dump_bits(out, dump_namespaces, plan->clone_flags);
	buf_printf(out, "; joiner %s, time by joiner %s, time by init %s, offsets ",
		   yes_or_no(plan->needs_joiner), yes_or_no(plan->wants_time_namespace),
		   yes_or_no(init->wants_time_namespace));
	dump_text(out, plan->time_offsets ? plan->time_offsets
					  : block_string(init, init->time_offsets));
	buf_printf(out, "%s\n", init->surfaces ? ", surfaces" : "");
	for (size_t i = 0; i < plan->join_count; i++) {
		buf_printf(out, "join: ");
		dump_bits(out, dump_namespaces, plan->joins[i].flag);
		buf_printf(out, " %s by %s", plan->joins[i].path,
			   plan->joins[i].is_for_init ? "init" : "joiner");
		if (plan->joins[i].sysctl)
			buf_printf(out, ", gets sysctl %s", plan->joins[i].sysctl);
		if (plan->joins[i].names)
			buf_printf(out, ", gets the %s", plan->joins[i].names);
		buf_printf(out, " [%s]\n", plan->joins[i].origin);
	}
	dump_maps("uid", plan->uid_maps, plan->uid_map_count, out);
	dump_maps("gid", plan->gid_maps, plan->gid_map_count, out);
	buf_printf(out, "ids: rootless %s, idmap tools %s, deny setgroups %s\n",
		   yes_or_no(plan->is_rootless), yes_or_no(plan->needs_idmap_tools),
		   yes_or_no(plan->denies_setgroups));
	buf_printf(out,
		   "init: userns %s, setgroups %s, new mountns %s, pidns %s, loopback %s\n",
		   yes_or_no(init->has_user_namespace), yes_or_no(init->may_set_groups),
		   yes_or_no(init->has_mount_namespace), yes_or_no(init->has_pid_namespace),
		   yes_or_no(init->wants_loopback));
}

static void dump_net_devices(const struct plan *plan, struct buf *out)
{
	for (size_t i = 0; i < plan->net_device_count; i++) {
		const struct plan_net_device *device = &plan->net_devices[i];

		buf_printf(out, "network device: %s becomes %s [%s]\n", device->name,
			   device->new_name ? device->new_name : device->name, device->origin);
	}
}

static void dump_resctrl(const struct resctrl_plan *resctrl, struct buf *out)
{
	if (!resctrl->is_wanted)
		return;
	buf_printf(out, "resctrl: group ");
	dump_text(out, resctrl->group);
	buf_printf(out, ", named %s, must exist %s, monitor ", yes_or_no(resctrl->is_named),
		   yes_or_no(resctrl->must_exist));
	dump_text(out, resctrl->monitor);
	buf_printf(out, "\n");
	for (size_t i = 0; i < resctrl->line_count; i++)
		buf_printf(out, "schema: %s\n", resctrl->lines[i]);
}

static void dump_strings(char *const *strings, struct buf *out)
{
	for (; *strings; strings++) {
		buf_printf(out, " ");
		dump_text(out, *strings);
	}
}

static void dump_hooks(const struct hook_list *list, struct buf *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct hook *hook = &list->items[i];

		buf_printf(out, "hook %s: %s timeout %d, args", list->kind, hook->path,
			   hook->timeout);
		dump_strings(hook->args, out);
		buf_printf(out, ", env%s", hook->env ? "" : " inherited");
		if (hook->env)
			dump_strings(hook->env, out);
		buf_printf(out, "\n");
	}
	if (list->out || list->err)
		buf_printf(out, "hook %s: stdout to %s, stderr to %s\n", list->kind,
			   list->out ? list->out : "-", list->err ? list->err : "-");
}

static void dump_limits(const struct plan *plan, struct buf *out)
{
	for (size_t i = 0; i < plan->rlimit_count; i++)
		buf_printf(out, "rlimit: %d soft %llu hard %llu [%s]\n",
			   plan->rlimits[i].resource, (unsigned long long)plan->rlimits[i].soft,
			   (unsigned long long)plan->rlimits[i].hard, plan->rlimits[i].origin);
	if (plan->has_oom_score)
		buf_printf(out, "oom_score_adj: %d\n", plan->oom_score);
}

static void dump_mount_maps(const struct plan *plan, struct buf *out)
{
	for (size_t i = 0; i < plan->mount_map_count; i++) {
		const struct plan_mount_map *map = &plan->mount_maps[i];

		buf_printf(out, "mount map %zu: %s, applied by %s [%s]\n", i,
			   map->uid_count ? "new" : "the joined user namespace's",
			   plan->init->mount_maps.count ? "init" : "the parent", map->origin);
		dump_maps("  uid", map->uids, map->uid_count, out);
		dump_maps("  gid", map->gids, map->gid_count, out);
	}
}

static void dump_tree(const struct plan_tree *tree, struct buf *out)
{
	buf_printf(out, "open for init: %s%s for mount %zu", tree->source,
		   tree->is_recursive ? " and below" : "", tree->mount);
	if (tree->map != NO_SLOT)
		buf_printf(out, ", idmap %d%s", tree->map,
			   tree->is_map_recursive ? " recursive" : "");
	buf_printf(out, " [%s]\n", tree->origin);
}

static void dump_trees(const struct plan *plan, struct buf *out)
{
	for (size_t i = 0; i < plan->tree_count; i++)
		dump_tree(&plan->trees[i], out);
}

void plan_dump(const struct plan *plan, struct buf *out)
{
	buf_printf(out, "container: %s, bundle %s, version %s\n", plan->id, plan->bundle,
		   plan->oci_version);
	dump_namespace_plan(plan, out);
	dump_net_devices(plan, out);
	dump_cgroup(&plan->cgroup, out);
	dump_resctrl(&plan->resctrl, out);
	dump_limits(plan, out);
	dump_mount_maps(plan, out);
	dump_trees(plan, out);
	dump_mounts(plan->init, out);
	dump_process(plan->init, out);
	if (plan->has_seccomp)
		dump_seccomp(&plan->seccomp, out);
	if (plan->pidfd_receiver)
		buf_printf(out, "pidfd to: %s\n", plan->pidfd_receiver);
	if (plan->seccomp_agent)
		buf_printf(out, "seccomp agent: %s, metadata %s\n", plan->seccomp_agent,
			   plan->seccomp_metadata ? plan->seccomp_metadata : "-");
	dump_hooks(&plan->prestart, out);
	dump_hooks(&plan->create_runtime, out);
	dump_hooks(&plan->create_container, out);
	dump_hooks(&plan->poststart, out);
	dump_hooks(&plan->poststop, out);
}
