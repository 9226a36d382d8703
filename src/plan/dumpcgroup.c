/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dumpcgroup - cgroup, device rules and seccomp rules as text. */
#include "plan/dump.h"

static const char *yes_or_no(bool value)
{
	return value ? "yes" : "no";
}

static void dump_number(int64_t number, struct buf *out)
{
	if (number < 0)
		buf_printf(out, "*");
	else
		buf_printf(out, "%lld", (long long)number);
}

static void dump_rule(const struct device_rule *rule, struct buf *out)
{
	buf_printf(out, "device: %s %c ", rule->is_allowed ? "allow" : "deny", rule->type);
	dump_number(rule->major, out);
	buf_printf(out, ":");
	dump_number(rule->minor, out);
	buf_printf(out, " ");
	dump_bits(out, dump_access, rule->access);
	buf_printf(out, "\n");
}

void dump_cgroup(const struct cgroup_plan *cgroup, struct buf *out)
{
	buf_printf(out, "cgroup: %s below %s, optional %s, device filter %s, delegated %s",
		   cgroup->path ? cgroup->path : "-", cgroup->mount ? cgroup->mount : "-",
		   yes_or_no(cgroup->is_optional), yes_or_no(cgroup->wants_devices),
		   yes_or_no(cgroup->is_delegated));
	if (cgroup->is_delegated)
		buf_printf(out, " to %d:%d", (int)cgroup->owner, (int)cgroup->owner_group);
	buf_printf(out, "\n");
	for (size_t i = 0; i < cgroup->device_count; i++)
		dump_rule(&cgroup->devices[i], out);
	for (size_t i = 0; i < cgroup->write_count; i++) {
		const struct cgroup_write *write = &cgroup->writes[i];

		buf_printf(out, "limit: %s = ", write->file);
		dump_text(out, write->value);
		buf_printf(out, "%s by %s [%s]\n",
			   write->may_be_absent ? " if it is there" : "",
			   write->controller ? write->controller : "-", write->origin);
	}
}

static void dump_arguments(const struct seccomp_rule *rule, struct buf *out)
{
	for (size_t i = 0; i < rule->argument_count; i++) {
		const struct seccomp_argument *argument = &rule->arguments[i];

		buf_printf(out, ", argument %u compare %d with 0x%llx and 0x%llx",
			   argument->index, argument->comparison,
			   (unsigned long long)argument->value,
			   (unsigned long long)argument->value_two);
	}
}

void dump_seccomp(const struct seccomp_profile *profile, struct buf *out)
{
	buf_printf(out, "seccomp: default 0x%08x, flags 0x%x, architectures",
		   profile->default_action, profile->flags);
	for (size_t i = 0; i < profile->architecture_count; i++)
		buf_printf(out, " 0x%08x", profile->architectures[i]);
	buf_printf(out, "\n");
	for (size_t i = 0; i < profile->rule_count; i++) {
		const struct seccomp_rule *rule = &profile->rules[i];

		buf_printf(out, "seccomp rule: 0x%08x", rule->action);
		for (size_t k = 0; k < rule->name_count; k++)
			buf_printf(out, " %s", rule->names[k]);
		dump_arguments(rule, out);
		buf_printf(out, " [%s]\n", rule->origin);
	}
}
