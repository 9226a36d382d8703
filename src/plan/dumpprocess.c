/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dumpprocess - what init makes of itself before it executes, as text. */
#include "plan/dump.h"

static void dump_member(const struct init_plan *init, const char *name, block_text text,
			struct buf *out)
{
	if (!text)
		return;
	buf_printf(out, "%s: ", name);
	dump_text(out, block_string(init, text));
	buf_printf(out, "\n");
}

static void dump_texts(const struct init_plan *init, const struct block_list *list,
		       struct buf *out)
{
	const block_text *texts = LIST_OF(init, *list, block_text);

	for (uint32_t i = 0; i < list->count; i++) {
		buf_printf(out, " ");
		dump_text(out, block_string(init, texts[i]));
	}
}

static void dump_env(const struct init_plan *init, struct buf *out)
{
	const block_text *texts = LIST_OF(init, init->env, block_text);

	for (uint32_t i = 0; i < init->env.count; i++)
		dump_member(init, "env", texts[i], out);
}

static void dump_user(const struct init_plan *init, struct buf *out)
{
	const uint32_t *groups = LIST_OF(init, init->groups, uint32_t);

	buf_printf(out, "user: %u:%u umask %04o groups%s", init->uid, init->gid, init->umask,
		   init->keeps_groups ? " kept" : "");
	for (uint32_t i = 0; i < init->groups.count; i++)
		buf_printf(out, " %u", groups[i]);
	buf_printf(out, "\n");
}

static void dump_capabilities(const struct block_capabilities *sets, struct buf *out)
{
	if (!sets->is_set) {
		buf_printf(out, "capabilities: left alone\n");
		return;
	}
	buf_printf(
		out,
		"capabilities: bounding 0x%llx effective 0x%llx inheritable 0x%llx permitted "
		"0x%llx ambient 0x%llx\n",
		(unsigned long long)sets->bounding, (unsigned long long)sets->effective,
		(unsigned long long)sets->inheritable, (unsigned long long)sets->permitted,
		(unsigned long long)sets->ambient);
}

static void dump_scheduling(const struct init_plan *init, struct buf *out)
{
	const struct block_scheduler *scheduler = &init->scheduler;
	const uint64_t *nodes = LIST_OF(init, init->memory_nodes, uint64_t);

	if (scheduler->is_set)
		buf_printf(out,
			   "scheduler: policy %u nice %d priority %u flags 0x%llx runtime %llu "
			   "deadline %llu period %llu\n",
			   scheduler->policy, scheduler->nice, scheduler->priority,
			   (unsigned long long)scheduler->flags,
			   (unsigned long long)scheduler->runtime,
			   (unsigned long long)scheduler->deadline,
			   (unsigned long long)scheduler->period);
	if (init->processes.is_set)
		buf_printf(out, "processes: soft %llu hard %llu, by itself\n",
			   (unsigned long long)init->processes.soft,
			   (unsigned long long)init->processes.hard);
	if (init->has_io_priority)
		buf_printf(out, "io priority: 0x%x\n", init->io_priority);
	if (init->has_personality)
		buf_printf(out, "personality: 0x%llx\n", (unsigned long long)init->personality);
	if (!init->has_memory_policy)
		return;
	buf_printf(out, "memory policy: 0x%x nodes", init->memory_policy);
	for (uint32_t i = 0; i < init->memory_nodes.count; i++)
		buf_printf(out, " 0x%llx", (unsigned long long)nodes[i]);
	buf_printf(out, "\n");
}

static void dump_start_hooks(const struct init_plan *init, struct buf *out)
{
	const struct block_hook *hooks = LIST_OF(init, init->hooks_start, struct block_hook);

	for (uint32_t i = 0; i < init->hooks_start.count; i++) {
		buf_printf(out, "hook startContainer: %s timeout %u, args",
			   block_string(init, hooks[i].path), hooks[i].timeout);
		dump_texts(init, &hooks[i].args, out);
		buf_printf(out, ", env%s", hooks[i].has_env ? "" : " of the container");
		dump_texts(init, &hooks[i].env, out);
		buf_printf(out, "\n");
	}
	dump_member(init, "state head", init->hook_state_head, out);
	dump_member(init, "state tail", init->hook_state_tail, out);
}

static void dump_system(const struct init_plan *init, struct buf *out)
{
	const struct block_sysctl *sysctls = LIST_OF(init, init->sysctls, struct block_sysctl);

	dump_member(init, "session keyring", init->session_name, out);
	dump_member(init, "hostname", init->hostname, out);
	dump_member(init, "domainname", init->domainname, out);
	for (uint32_t i = 0; i < init->sysctls.count; i++) {
		buf_printf(out, "sysctl: %s = ", block_string(init, sysctls[i].path));
		dump_text(out, block_string(init, sysctls[i].value));
		buf_printf(out, " [%s]\n", block_string(init, sysctls[i].origin));
	}
}

void dump_process(const struct init_plan *init, struct buf *out)
{
	dump_system(init, out);
	if (!init->has_process) {
		buf_printf(out, "process: none\n");
	} else {
		buf_printf(out, "process:");
		dump_texts(init, &init->args, out);
		buf_printf(out, " in %s\n", block_string(init, init->cwd));
		dump_env(init, out);
		dump_user(init, out);
		dump_capabilities(&init->capabilities, out);
		buf_printf(
			out,
			"ways: no new privileges %s, preserve %u, terminal %s %ux%u, seccomp "
			"%s flags 0x%x\n",
			init->has_no_new_privileges ? "yes" : "no", init->preserve_fds,
			init->wants_terminal ? "yes" : "no", init->console_width,
			init->console_height, init->has_seccomp ? "yes" : "no",
			init->seccomp_flags);
		dump_member(init, "selinux label", init->selinux_label, out);
		dump_member(init, "apparmor profile", init->apparmor_profile, out);
	}
	dump_scheduling(init, out);
	dump_start_hooks(init, out);
}
